// SPDX-License-Identifier: Apache-2.0

/// How long the sources of evidence take to notice, for deadlines and stability windows.
package struct ObservationTiming: Sendable, Codable, Equatable {
    /// Seconds between scrapes of the series behind the alert; nil: unknown.
    package var scrapeInterval: Double?
    /// Seconds between evaluations of the rule; nil: unknown.
    package var evaluationInterval: Double?
    /// The rule's `keep_firing_for` in seconds; nil: unknown or none.
    package var keepFiringFor: Double?
    /// The longest range selector of the rule's expression in seconds; nil: unknown or none.
    package var longestRange: Double?
    /// Mean seconds between beginnings of the alert, where it began several times lately; nil: it did not, or unknown.
    package var recurrence: Double?
    /// When the alert began last, in seconds since 1970 by the source's clock; nil: not lately, or unknown.
    package var lastBeginning: Double?

    /// Records timing; everything unknown by default.
    package init(
        scrapeInterval: Double? = nil, evaluationInterval: Double? = nil, keepFiringFor: Double? = nil,
        longestRange: Double? = nil, recurrence: Double? = nil,
        lastBeginning: Double? = nil
    ) {
        self.scrapeInterval = scrapeInterval
        self.evaluationInterval = evaluationInterval
        self.keepFiringFor = keepFiringFor
        self.longestRange = longestRange
        self.recurrence = recurrence
        self.lastBeginning = lastBeginning
    }

    /// The slower of both in every respect.
    package func slowest(_ other: ObservationTiming) -> ObservationTiming {
        func larger(_ key: KeyPath<Self, Double?>) -> Double? {
            [self[keyPath: key], other[keyPath: key]].compactMap { $0 }.max()
        }
        return ObservationTiming(
            scrapeInterval: larger(\.scrapeInterval), evaluationInterval: larger(\.evaluationInterval),
            keepFiringFor: larger(\.keepFiringFor), longestRange: larger(\.longestRange),
            recurrence: larger(\.recurrence), lastBeginning: larger(\.lastBeginning))
    }
}
