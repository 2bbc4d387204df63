// SPDX-License-Identifier: Apache-2.0
/// An expression as far as the labels of its rows go.
///
/// What has no labels, such as a number or the parameter of a function, is not looked into.
indirect enum PromQLTree: Equatable, Sendable {
    /// A number.
    case scalar
    /// One row without labels.
    case unlabelled
    /// The rows of a selector, by its index among those of the expression.
    case selector(Int)
    /// One row for each, with the same labels but the metric's name.
    case each(PromQLTree)
    /// The same, with another value of one label.
    case setting(String, PromQLTree)
    /// The same, without one label, which may make one row of several.
    case removing(String, PromQLTree)
    /// One row where there is none, with the labels that the matchers of a bare selector insist on.
    case absence(PromQLTree)
    /// One row for each group, with the labels it is grouped by, and perhaps one that holds the value.
    case merging(Grouping, countedIn: String?, PromQLTree)
    /// Some rows as they are; which of equal ones is an accident of the server.
    case choosing(PromQLTree)
    /// What two sides make together.
    case joined(Join, PromQLTree, PromQLTree)

    /// By which labels rows are grouped.
    struct Grouping: Equatable, Sendable {
        var labels: Set<String>
        /// `by`; otherwise `without`.
        var isBy: Bool

        /// Whether rows of one group agree in a label.
        func holds(_ label: String) -> Bool { labels.contains(label) == isBy }
    }

    /// How rows of two sides find each other.
    struct Join: Equatable, Sendable {
        enum Kind: Equatable, Sendable {
            case pairs, and, or, unless
        }

        /// The side whose rows keep their labels, with the labels taken from the other side.
        enum Many: Equatable, Sendable {
            case left(Set<String>)
            case right(Set<String>)
        }

        let kind: Kind
        /// `on`: by these labels; `ignoring`: by all but these.
        let matching: Grouping
        let many: Many?
    }

    var isScalar: Bool { self == .scalar }

    /// What an operation on every row makes of it.
    var each: PromQLTree {
        switch self {
        case .scalar, .unlabelled, .each: self
        default: .each(self)
        }
    }
}
