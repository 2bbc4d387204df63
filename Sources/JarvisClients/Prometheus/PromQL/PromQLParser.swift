// SPDX-License-Identifier: Apache-2.0
/// Reads an expression with PromQL's own grammar and precedence and collects its selectors.
///
/// What it can't read it throws; what it can read but not conclude from it notes as an obstacle and goes on, so that
/// ranges are known even then.
struct PromQLParser {
    typealias Reason = PromQLSelectors.Reason

    /// What one part of the expression is and which of the collected selectors it is made of.
    struct Node {
        enum Kind: Equatable {
            case selector, range, absent, value
            case string(String)
        }

        var kind: Kind
        /// What it does with labels.
        var tree = PromQLTree.scalar
        /// Whether a comparison or a set operation may have dropped samples.
        var isFiltered = false
        var uses: Range<Int>
    }

    static let maximumDepth = 64

    private let words: [PromQLLexer.Word]
    private var position = 0
    private var depth = 0
    private(set) var obstacle: Reason?
    var uses: [PromQLSelectors.Use] = []
    var places: [PromQLSyntax.Place] = []

    /// Reads a whole expression; throws why it was not understood.
    static func parse(
        _ text: String
    ) throws(Reason) -> (tree: PromQLTree, uses: [PromQLSelectors.Use], places: [PromQLSyntax.Place]) {
        var parser = try PromQLParser(text)
        return (try parser.whole().tree, parser.uses, parser.places)
    }

    /// What an expression looks at, and what can be concluded from that.
    static func read(_ text: String, maximumSelectors: Int) -> PromQLSelectors {
        do throws(Reason) {
            var parser = try PromQLParser(text)
            let whole = try parser.whole()
            return parser.conclusion(whole, maximumSelectors: maximumSelectors)
        } catch {
            return PromQLSelectors(presence: .underivable(error), uses: [])
        }
    }

    private init(_ text: String) throws(Reason) {
        guard let words = PromQLLexer.words(of: text) else { throw .notUnderstood }
        self.words = words
    }

    private mutating func whole() throws(Reason) -> Node {
        let whole = try expression()
        guard current == nil else { throw .notUnderstood }
        switch whole.kind {
        case .range, .string: throw .notUnderstood
        case .selector, .absent, .value: return whole
        }
    }

    private func conclusion(_ whole: Node, maximumSelectors: Int) -> PromQLSelectors {
        if let obstacle { return PromQLSelectors(presence: .underivable(obstacle), uses: uses) }
        if uses.isEmpty { return PromQLSelectors(presence: .underivable(.noSelector), uses: []) }
        if uses.count > maximumSelectors {
            return PromQLSelectors(presence: .underivable(.tooManySelectors), uses: uses)
        }
        return PromQLSelectors(presence: whole.kind == .absent ? .inverted : .derivable, uses: uses)
    }

    /// An expression whose operators bind at least so tightly.
    mutating func expression(_ minimum: Int = 1) throws(Reason) -> Node {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw .tooDeep }
        var left = try operand()
        while let operation = current.flatMap(PromQLOperator.init), operation.precedence >= minimum {
            position += 1
            let modifiers = try binaryModifiers(operation)
            let right = try expression(operation.precedence + (operation.isRightAssociative ? 0 : 1))
            left = try combine(left, operation, modifiers, right)
        }
        return left
    }

    private mutating func operand() throws(Reason) -> Node {
        guard accept("-") || accept("+") else { return try primary() }
        // A sign binds tighter than multiplication and looser than a power.
        let inner = try plainValue(expression(6))
        return Node(kind: .value, tree: inner.tree.each, uses: inner.uses)
    }

    private mutating func combine(
        _ left: Node, _ operation: PromQLOperator, _ modifiers: BinaryModifiers, _ right: Node
    ) throws(Reason) -> Node {
        let operands = [try value(left), try value(right)]
        let uses = left.uses.lowerBound..<right.uses.upperBound
        keep(modifiers.matchedLabels, on: uses)
        let isFiltered = operands.contains(where: \.isFiltered)
        let tree = modifiers.tree(operation, left.tree, right.tree)
        switch operation.kind {
        case .or: return Node(kind: .value, tree: tree, isFiltered: isFiltered, uses: uses)
        case .and: return Node(kind: .value, tree: tree, isFiltered: true, uses: uses)
        case .unless:
            note(.unless)
            return Node(kind: .value, tree: tree, isFiltered: true, uses: uses)
        case .comparison where !modifiers.isBool:
            return Node(kind: .value, tree: tree, isFiltered: true, uses: uses)
        case .comparison, .arithmetic:
            if isFiltered { note(.nestedFilter) }
            return Node(kind: .value, tree: tree, uses: uses)
        }
    }
}

// What the other parts of the grammar share.
extension PromQLParser {
    var current: PromQLToken? { position < words.count ? words[position].token : nil }
    var following: PromQLToken? { position + 1 < words.count ? words[position + 1].token : nil }

    /// The word that was taken so many words ago; one that was not taken is none.
    func taken(_ count: Int) -> PromQLLexer.Word? { position >= count ? words[position - count] : nil }

    mutating func advance() { position += 1 }

    mutating func accept(_ symbol: String) -> Bool {
        guard current == .symbol(symbol) else { return false }
        position += 1
        return true
    }

    mutating func accept(word: String) -> Bool {
        guard case .identifier(let found) = current, found.lowercased() == word else { return false }
        position += 1
        return true
    }

    mutating func expect(_ symbol: String) throws(Reason) {
        guard accept(symbol) else { throw .notUnderstood }
    }

    /// Notes the first reason why nothing can be concluded.
    mutating func note(_ reason: Reason) { obstacle = obstacle ?? reason }

    /// A subquery goes before other reasons, because with it the ranges are not known.
    mutating func noteSubquery() { obstacle = .subquery }

    mutating func keep(_ labels: Set<String>, on uses: Range<Int>) {
        for index in uses { self.uses[index].keptLabels.formUnion(labels) }
    }

    /// Insists on something that can be computed with; `absent` in there is no longer the whole expression.
    mutating func value(_ node: Node) throws(Reason) -> Node {
        switch node.kind {
        case .selector, .value: return node
        case .absent:
            note(.absence)
            return node
        case .range, .string: throw .notUnderstood
        }
    }

    /// The same, where a sample dropped by a comparison would go unnoticed.
    mutating func plainValue(_ node: Node) throws(Reason) -> Node {
        let node = try value(node)
        if node.isFiltered { note(.nestedFilter) }
        return node
    }
}
