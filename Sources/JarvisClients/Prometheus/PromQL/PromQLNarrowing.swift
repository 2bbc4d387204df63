// SPDX-License-Identifier: Apache-2.0
/// An expression that asks only for the rows that labels are about, by conditions on its selectors.
///
/// For each label that is taken care of it has exactly those rows of the original that carry the value or lack the label.
/// Where that can't be told from the text the label is left: its rows have to be filtered. One thing differs: where
/// the original fails because of series that were left out (two rows on the one side of a join, say), the narrowed one
/// has an answer.
package struct PromQLNarrowing: Equatable, Sendable {
    /// Why a label is not taken care of.
    package enum Obstacle: Equatable, Sendable {
        /// Its name can't stand in a matcher, or is the metric's.
        case name
        /// Its value is computed.
        case computed
        /// Which rows are chosen depends on rows with other values.
        case choiceAmongOthers
        /// `absent` gives its row another value.
        case absence
    }

    /// The expression; the original where no condition is needed or right.
    package let expression: String
    /// The labels that rows still have to be filtered by.
    package let left: [String: Obstacle]

    /// Narrows an expression; throws why it was not understood.
    package init(_ original: String, to labels: [String: String]) throws(PromQLSelectors.Reason) {
        let syntax = try PromQLSyntax(original)
        var conditions: [Int: [PromQLSelector.Matcher]] = [:]
        var left: [String: Obstacle] = [:]
        for (label, value) in labels.sorted(by: { $0.key < $1.key }) {
            guard label != "__name__", let matcher = PromQLSelector.Matcher.equalIfPresent(label, value) else {
                left[label] = .name
                continue
            }
            switch NarrowedLabel(name: label, value: value, uses: syntax.uses).effect(on: syntax.tree) {
            case .passes: break
            case .narrows(let selectors):
                for selector in selectors { conditions[selector, default: []].append(matcher) }
            case .impossible(let obstacle): left[label] = obstacle
            }
        }
        expression = syntax.adding(conditions)
        self.left = left
    }
}

/// Follows one label through an expression.
struct NarrowedLabel {
    /// What conditions on selectors do to the rows of a part.
    enum Effect: Equatable {
        /// Nothing: every row has the value already, or lacks the label.
        case passes
        /// With the condition on these selectors exactly the rows that have the value, or lack the label, are left.
        case narrows(Set<Int>)
        case impossible(PromQLNarrowing.Obstacle)
    }

    let name: String
    let value: String
    let uses: [PromQLSelectors.Use]

    func effect(on tree: PromQLTree) -> Effect {
        switch tree {
        case .scalar, .unlabelled: return .passes
        case .selector(let index): return .narrows([index])
        case .each(let inner): return effect(on: inner)
        case .setting(let label, let inner):
            return label == name ? .impossible(.computed) : effect(on: inner)
        case .removing(let label, let inner): return label == name ? .passes : effect(on: inner)
        case .absence(let inner): return ofAbsence(inner)
        case .merging(let grouping, let counted, let inner):
            if counted == name { return .impossible(.computed) }
            return grouping.holds(name) ? effect(on: inner) : .passes
        case .choosing(let inner):
            // Of rows with equal values another one may be chosen as soon as any other row is left out.
            return effect(on: inner) == .passes ? .passes : .impossible(.choiceAmongOthers)
        case .joined(let join, let left, let right): return ofJoin(join, effect(on: left), effect(on: right))
        }
    }

    /// The row of `absent` has the values that its bare selector insists on; a condition would change what is absent.
    private func ofAbsence(_ inner: PromQLTree) -> Effect {
        guard case .selector(let index) = inner else { return .passes }
        let hasOther = uses[index].selector.matchers.contains {
            $0.label == name && $0.comparison == .equal && $0.value != value && !$0.value.isEmpty
        }
        return hasOther ? .impossible(.absence) : .passes
    }

    private func ofJoin(_ join: PromQLTree.Join, _ left: Effect, _ right: Effect) -> Effect {
        let isMatched = join.matching.holds(name)
        switch join.kind {
        case .pairs:
            switch join.many {
            case .left(let taken) where taken.contains(name): return right
            case .right(let taken) where taken.contains(name): return left
            case .left where !isMatched: return left
            case .right where !isMatched: return right
            // The rows of a pair keep only the labels they are matched by.
            case nil where !isMatched: return .passes
            case nil, .left, .right: return either(left, right)
            }
        case .and: return isMatched ? either(left, right) : left
        case .unless:
            // Rows of the right side with other values only take away what is left out anyway.
            if isMatched, case .narrows(let ofLeft) = left, case .narrows(let ofRight) = right {
                return .narrows(ofLeft.union(ofRight))
            }
            return left
        case .or: return both(left, right, isMatched: isMatched)
        }
    }

    /// Both sides agree in the label, so that a condition on one is one on the other, too.
    private func either(_ left: Effect, _ right: Effect) -> Effect {
        switch (left, right) {
        case (.passes, _), (_, .passes): .passes
        case (.narrows(let ofLeft), .narrows(let ofRight)): .narrows(ofLeft.union(ofRight))
        case (.impossible, _): right
        case (_, .impossible): left
        }
    }

    /// Rows of both sides are in the result, those of the right where the left has none that matches.
    private func both(_ left: Effect, _ right: Effect, isMatched: Bool) -> Effect {
        switch (left, right) {
        case (.impossible, _), (.passes, .passes): left
        case (_, .impossible), (.passes, _): right
        // A row that is taken out of the left side would let one of the right side in.
        case (.narrows, _) where !isMatched: .impossible(.choiceAmongOthers)
        case (.narrows, .passes): left
        case (.narrows(let ofLeft), .narrows(let ofRight)): .narrows(ofLeft.union(ofRight))
        }
    }
}
