// SPDX-License-Identifier: Apache-2.0
/// What a rule expression looks at, as far as it can be told for certain from its text.
package struct PromQLSelectors: Sendable, Equatable {
    /// One instant vector selector of the expression.
    package struct Use: Sendable, Equatable {
        /// Metric and matchers; offset and range are stripped.
        package let selector: PromQLSelector
        /// Zero for an instant selector.
        package let range: Duration
        /// How far back it looks; zero without an offset.
        package let offset: Duration
        /// Labels that aggregations and joins around it keep by name, so that they have to be on its series.
        package internal(set) var keptLabels: Set<String>
    }

    /// How an empty result of the expression relates to the samples it is made from.
    package enum Presence: Sendable, Equatable {
        /// An empty result with a fresh sample for every selector is a good measurement.
        case derivable
        /// The expression is `absent(selector)`: a fresh sample of its one selector is good.
        case inverted
        /// An empty result proves nothing.
        case underivable(Reason)
    }

    /// Why an empty result proves nothing.
    package enum Reason: String, Error {
        case notUnderstood, tooLong, tooDeep, tooManySelectors, noSelector
        /// `absent` anywhere but around the one selector of the whole expression, or `absent_over_time`.
        case absence
        case unless
        case subquery
        /// `label_replace`, `label_join`, `count_values`: labels are not those of the series.
        case labelRewrite
        /// `vector(…)`: a sample that is always there.
        case constantVector
        case unknownFunction
        /// `@` or a negative offset: the expression does not look at the present.
        case otherTime
        /// A comparison inside an aggregation, a function or arithmetic: what it drops may be the fault itself.
        case nestedFilter
    }

    /// A longer expression, in bytes, is not read.
    static let maximumLength = 16_384

    package let presence: Presence
    /// Every selector found; empty when the text was not understood.
    package let uses: [Use]

    /// The longest range; nil when it is not known.
    package var longestRange: Duration? {
        if case .underivable(let reason) = presence, reason.hidesRanges { return nil }
        return uses.map(\.range).max() ?? .zero
    }

    /// The longest look back through `offset`; nil when it is not known.
    package var longestOffset: Duration? {
        if case .underivable(let reason) = presence, reason.hidesRanges { return nil }
        return uses.map(\.offset).max() ?? .zero
    }

    /// Reads a PromQL expression; refuses by `.underivable`, never by failing.
    package init(_ expression: String, maximumSelectors: Int = 16) {
        guard expression.utf8.count <= Self.maximumLength else {
            self.init(presence: .underivable(.tooLong), uses: [])
            return
        }
        self = PromQLParser.read(expression, maximumSelectors: maximumSelectors)
    }

    init(presence: Presence, uses: [Use]) {
        self.presence = presence
        self.uses = uses
    }
}

extension PromQLSelectors.Reason {
    /// Whether the text may hold ranges that were not seen.
    fileprivate var hidesRanges: Bool {
        switch self {
        case .notUnderstood, .tooLong, .tooDeep, .subquery, .unknownFunction: true
        case .tooManySelectors, .noSelector, .absence, .unless, .labelRewrite, .constantVector, .otherTime,
            .nestedFilter:
            false
        }
    }
}
