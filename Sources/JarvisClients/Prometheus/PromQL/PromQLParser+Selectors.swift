// SPDX-License-Identifier: Apache-2.0
extension PromQLParser {
    mutating func primary() throws(Reason) -> Node {
        switch current {
        case .number:
            advance()
            return Node(kind: .value, uses: uses.endIndex..<uses.endIndex)
        case .string(let text):
            advance()
            return Node(kind: .string(text), uses: uses.endIndex..<uses.endIndex)
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
        // Behind a parenthesis neither a range nor an offset can follow, so it is no bare selector any more.
        if inner.kind == .range { throw .notUnderstood }
        if inner.kind == .selector { inner.kind = .value }
        return try subquery(of: inner)
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
        places.append(try place())
        let range = try self.range()
        let offset = try self.offset()
        uses.append(
            PromQLSelectors.Use(selector: selector, range: range ?? .zero, offset: offset, keptLabels: []))
        let index = uses.endIndex - 1
        return Node(kind: range == nil ? .selector : .range, tree: .selector(index), uses: index..<uses.endIndex)
    }

    /// Where the selector that was just read takes more conditions.
    private func place() throws(Reason) -> PromQLSyntax.Place {
        guard let last = taken(1) else { throw .notUnderstood }
        guard last.token == .symbol("}") else {
            return PromQLSyntax.Place(offset: last.range.upperBound, form: .bare)
        }
        let isOpen = [.symbol("{"), .symbol(",")].contains(taken(2)?.token)
        return PromQLSyntax.Place(offset: last.range.lowerBound, form: isOpen ? .open : .afterCondition)
    }

    /// A node with the range of a subquery behind it, if there is one: an expression at several instants.
    mutating func subquery(of node: Node) throws(Reason) -> Node {
        guard accept("[") else { return node }
        guard node.kind != .range, node.kind != .absent, case .duration(let range) = current, range > .zero else {
            throw .notUnderstood
        }
        advance()
        try resolution()
        _ = try offset()
        return Node(kind: .range, tree: node.tree, uses: node.uses)
    }

    /// What stands between a subquery's colon and its end.
    private mutating func resolution() throws(Reason) {
        noteSubquery()
        try expect(":")
        if case .duration = current { advance() }
        try expect("]")
        if current == .symbol("[") { throw .notUnderstood }
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
        if current == .symbol(":") {
            try resolution()
            return range
        }
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
