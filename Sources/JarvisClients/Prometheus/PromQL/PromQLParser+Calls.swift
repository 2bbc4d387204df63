// SPDX-License-Identifier: Apache-2.0
extension PromQLParser {
    /// What stands between a binary operator and its right side.
    struct BinaryModifiers {
        var isBool = false
        /// The labels of `on(…)`.
        var matchedLabels: Set<String> = []
    }

    mutating func binaryModifiers(_ operation: PromQLOperator) throws(Reason) -> BinaryModifiers {
        var modifiers = BinaryModifiers()
        if accept(word: "bool") {
            guard operation.kind == .comparison else { throw .notUnderstood }
            modifiers.isBool = true
        }
        if accept(word: "on") {
            modifiers.matchedLabels = try labels()
        } else if accept(word: "ignoring") {
            _ = try labels()
        } else {
            return modifiers
        }
        if accept(word: "group_left") || accept(word: "group_right") {
            guard operation.kind == .comparison || operation.kind == .arithmetic else { throw .notUnderstood }
            // Parentheses here are always labels, never the right operand; those labels come from the other side.
            if current == .symbol("(") { _ = try labels() }
        }
        return modifiers
    }

    private mutating func labels() throws(Reason) -> Set<String> {
        try expect("(")
        var labels: Set<String> = []
        while !accept(")") {
            guard case .identifier(let label) = current, label.isPromQLName(allowingColon: false) else {
                throw .notUnderstood
            }
            advance()
            labels.insert(label)
            if accept(",") { continue }
            try expect(")")
            return labels
        }
        return labels
    }

    mutating func aggregation(_ name: String, hasParameter: Bool) throws(Reason) -> Node {
        advance()
        var kept = try grouping()
        let arguments = try self.arguments()
        if kept == nil { kept = try grouping() }
        guard arguments.count == (hasParameter ? 2 : 1), let vector = arguments.last else { throw .notUnderstood }
        if hasParameter { try parameter(arguments[0], of: name) }
        _ = try plainValue(vector)
        keep(kept ?? [], on: vector.uses)
        return Node(kind: .value, uses: arguments[0].uses.lowerBound..<vector.uses.upperBound)
    }

    private mutating func parameter(_ node: Node, of name: String) throws(Reason) {
        if name == "count_values" {
            guard node.kind == .string else { throw .notUnderstood }
            note(.labelRewrite)
        } else {
            _ = try plainValue(node)
        }
    }

    /// The labels of `by`; empty for `without`, nil where there is no grouping.
    private mutating func grouping() throws(Reason) -> Set<String>? {
        if accept(word: "by") { return try labels() }
        guard accept(word: "without") else { return nil }
        _ = try labels()
        return []
    }

    private mutating func arguments() throws(Reason) -> [Node] {
        try expect("(")
        if accept(")") { return [] }
        var arguments: [Node] = []
        repeat { arguments.append(try expression()) } while accept(",")
        try expect(")")
        if current == .symbol("[") { throw .subquery }
        return arguments
    }

    mutating func call(_ name: String) throws(Reason) -> Node {
        let first = uses.endIndex
        advance()
        let arguments = try self.arguments()
        var node = Node(kind: .value, uses: first..<uses.endIndex)
        switch name {
        case "absent":
            // Only a bare selector of the present can be asked for again.
            if arguments.count == 1, arguments[0].kind == .selector, uses[first].offset == .zero {
                node.kind = .absent
            } else {
                note(.absence)
            }
        case "absent_over_time": note(.absence)
        case "label_replace", "label_join": note(.labelRewrite)
        case "vector": note(.constantVector)
        default: try check(arguments, of: name)
        }
        return node
    }

    private mutating func check(_ arguments: [Node], of name: String) throws(Reason) {
        guard let signature = PromQLFunction.signature(of: name) else { throw .unknownFunction }
        let fewest = signature.arguments.count - signature.optional
        guard (fewest...signature.arguments.count).contains(arguments.count) else { throw .notUnderstood }
        for (argument, expected) in zip(arguments, signature.arguments) {
            switch expected {
            case .range: guard argument.kind == .range else { throw .notUnderstood }
            case .value: _ = try plainValue(argument)
            }
        }
    }
}
