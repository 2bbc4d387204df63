// SPDX-License-Identifier: Apache-2.0
extension PromQLParser {
    /// What stands between a binary operator and its right side.
    struct BinaryModifiers {
        var isBool = false
        /// The labels of `on(…)`.
        var matchedLabels: Set<String> = []
        /// By which labels rows find each other; without `on` and `ignoring` by all.
        var matching = PromQLTree.Grouping(labels: [], isBy: false)
        var many: PromQLTree.Join.Many?

        /// What the operator makes of the labels of both sides.
        func tree(_ operation: PromQLOperator, _ left: PromQLTree, _ right: PromQLTree) -> PromQLTree {
            if left.isScalar || right.isScalar { return left.isScalar ? right.each : left.each }
            let kind: PromQLTree.Join.Kind =
                switch operation.kind {
                case .arithmetic, .comparison: .pairs
                case .and: .and
                case .or: .or
                case .unless: .unless
                }
            return .joined(PromQLTree.Join(kind: kind, matching: matching, many: many), left, right)
        }
    }

    mutating func binaryModifiers(_ operation: PromQLOperator) throws(Reason) -> BinaryModifiers {
        var modifiers = BinaryModifiers()
        if accept(word: "bool") {
            guard operation.kind == .comparison else { throw .notUnderstood }
            modifiers.isBool = true
        }
        if accept(word: "on") {
            modifiers.matchedLabels = try labels()
            modifiers.matching = PromQLTree.Grouping(labels: modifiers.matchedLabels, isBy: true)
        } else if accept(word: "ignoring") {
            modifiers.matching.labels = try labels()
        } else {
            return modifiers
        }
        let isLeft = accept(word: "group_left")
        if isLeft || accept(word: "group_right") {
            guard operation.kind == .comparison || operation.kind == .arithmetic else { throw .notUnderstood }
            // Parentheses here are always labels, never the right operand; those labels come from the other side.
            let taken = current == .symbol("(") ? try labels() : []
            modifiers.many = isLeft ? .left(taken) : .right(taken)
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
        var grouping = try self.grouping()
        let arguments = try self.arguments()
        if grouping == nil { grouping = try self.grouping() }
        guard arguments.count == (hasParameter ? 2 : 1), let vector = arguments.last else { throw .notUnderstood }
        var counted: String?
        if hasParameter { counted = try parameter(arguments[0], of: name) }
        _ = try plainValue(vector)
        let groups = grouping ?? PromQLTree.Grouping(labels: [], isBy: true)
        keep(groups.isBy ? groups.labels : [], on: vector.uses)
        let tree: PromQLTree =
            ["topk", "bottomk"].contains(name)
            ? .choosing(vector.tree) : .merging(groups, countedIn: counted, vector.tree)
        let uses = arguments[0].uses.lowerBound..<vector.uses.upperBound
        return try subquery(of: Node(kind: .value, tree: tree, uses: uses))
    }

    /// Checks what stands before the vector; the label in which `count_values` puts values, otherwise nil.
    private mutating func parameter(_ node: Node, of name: String) throws(Reason) -> String? {
        guard name == "count_values" else {
            _ = try plainValue(node)
            return nil
        }
        guard case .string(let label) = node.kind else { throw .notUnderstood }
        note(.labelRewrite)
        return label
    }

    /// The labels of `by` or `without`; nil where there is no grouping.
    private mutating func grouping() throws(Reason) -> PromQLTree.Grouping? {
        if accept(word: "by") { return PromQLTree.Grouping(labels: try labels(), isBy: true) }
        guard accept(word: "without") else { return nil }
        return PromQLTree.Grouping(labels: try labels(), isBy: false)
    }

    private mutating func arguments() throws(Reason) -> [Node] {
        try expect("(")
        if accept(")") { return [] }
        var arguments: [Node] = []
        repeat { arguments.append(try expression()) } while accept(",")
        try expect(")")
        return arguments
    }

    mutating func call(_ name: String) throws(Reason) -> Node {
        let first = uses.endIndex
        advance()
        let arguments = try self.arguments()
        var node = Node(kind: .value, uses: first..<uses.endIndex)
        let trees = arguments.map(\.tree)
        switch name {
        case "absent":
            // Only a bare selector of the present can be asked for again.
            if arguments.count == 1, arguments[0].kind == .selector, uses[first].offset == .zero {
                node.kind = .absent
            } else {
                note(.absence)
            }
            node.tree = .absence(try vector(of: trees))
        case "absent_over_time":
            note(.absence)
            node.tree = .absence(try vector(of: trees))
        case "label_replace", "label_join":
            note(.labelRewrite)
            guard arguments.count >= 3, case .string(let label) = arguments[1].kind else { throw .notUnderstood }
            node.tree = .setting(label, trees[0])
        case "vector":
            note(.constantVector)
            node.tree = .unlabelled
        default:
            try check(arguments, of: name)
            node.tree = try tree(of: name, trees)
        }
        return try subquery(of: node)
    }

    private func tree(of name: String, _ arguments: [PromQLTree]) throws(Reason) -> PromQLTree {
        switch name {
        case "scalar", "time", "pi": return .scalar
        case "histogram_quantile": return .removing("le", try vector(of: arguments))
        default: return arguments.isEmpty ? .unlabelled : try vector(of: arguments).each
        }
    }

    /// The one argument that has rows.
    private func vector(of arguments: [PromQLTree]) throws(Reason) -> PromQLTree {
        let vectors = arguments.filter { !$0.isScalar }
        guard vectors.count == 1 else { throw .notUnderstood }
        return vectors[0]
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
