// SPDX-License-Identifier: Apache-2.0
extension PromQLParser {
    mutating func primary() throws(Reason) -> Node {
        switch current {
        case .number:
            advance()
            return Node(kind: .value, uses: uses.endIndex..<uses.endIndex)
        case .string:
            advance()
            return Node(kind: .string, uses: uses.endIndex..<uses.endIndex)
        case .symbol("("): return try parenthesised()
        case .symbol("{"): return try selector(metric: nil)
        case .identifier(let name): return try named(name)
        case .symbol, .duration, nil: throw .notUnderstood
        }
    }

    private mutating func parenthesised() throws(Reason) -> Node {
        advance()
        var inner = try expression()
        try expect(")")
        if current == .symbol("[") { throw .subquery }
        // Behind a parenthesis neither a range nor an offset can follow, so it is no bare selector any more.
        if inner.kind == .range { throw .notUnderstood }
        if inner.kind == .selector { inner.kind = .value }
        return inner
    }

    private mutating func named(_ name: String) throws(Reason) -> Node {
        let word = name.lowercased()
        if let hasParameter = PromQLFunction.aggregations[word] {
            return try aggregation(word, hasParameter: hasParameter)
        }
        if PromQLFunction.keywords.contains(word) { throw .notUnderstood }
        return following == .symbol("(") ? try call(name) : try selector(metric: name)
    }

    private mutating func selector(metric: String?) throws(Reason) -> Node {
        if metric != nil { advance() }
        let matchers = accept("{") ? try self.matchers() : []
        if metric != nil, matchers.contains(where: { $0.label == "__name__" }) { throw .notUnderstood }
        guard let selector = PromQLSelector(metric: metric, matchers: matchers) else { throw .notUnderstood }
        let range = try self.range()
        let offset = try self.offset()
        uses.append(
            PromQLSelectors.Use(selector: selector, range: range ?? .zero, offset: offset, keptLabels: []))
        return Node(kind: range == nil ? .selector : .range, uses: uses.endIndex - 1..<uses.endIndex)
    }

    private mutating func matchers() throws(Reason) -> [PromQLSelector.Matcher] {
        var matchers: [PromQLSelector.Matcher] = []
        while !accept("}") {
            guard case .identifier(let label) = current, case .symbol(let symbol) = following,
                let comparison = PromQLSelector.Matcher.Comparison(rawValue: symbol)
            else { throw .notUnderstood }
            advance()
            advance()
            guard case .string(let value) = current,
                let matcher = PromQLSelector.Matcher(label, comparison, value)
            else { throw .notUnderstood }
            advance()
            matchers.append(matcher)
            if accept(",") { continue }
            try expect("}")
            return matchers
        }
        return matchers
    }

    private mutating func range() throws(Reason) -> Duration? {
        guard accept("[") else { return nil }
        guard case .duration(let range) = current, range > .zero else { throw .notUnderstood }
        advance()
        if current == .symbol(":") { throw .subquery }
        try expect("]")
        if current == .symbol("[") { throw .notUnderstood }
        return range
    }

    private mutating func offset() throws(Reason) -> Duration {
        var offset: Duration?
        var hasFixedTime = false
        while true {
            if accept(word: "offset") {
                guard offset == nil else { throw .notUnderstood }
                if accept("-") { note(.otherTime) }
                guard case .duration(let found) = current else { throw .notUnderstood }
                advance()
                offset = found
            } else if accept("@") {
                guard !hasFixedTime else { throw .notUnderstood }
                try fixedTime()
                hasFixedTime = true
            } else {
                return offset ?? .zero
            }
        }
    }

    private mutating func fixedTime() throws(Reason) {
        note(.otherTime)
        if accept(word: "start") || accept(word: "end") {
            try expect("(")
            try expect(")")
            return
        }
        if !accept("-") { _ = accept("+") }
        guard case .number = current else { throw .notUnderstood }
        advance()
    }
}
