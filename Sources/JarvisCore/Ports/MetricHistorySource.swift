// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// Asks the monitoring system how values developed.
package protocol MetricHistorySource: Sendable {
    /// The series of an expression over a time that ends at `end`, with the grid they were asked on.
    ///
    /// The step is the source's choice: never below its scrape interval, never so small that it refuses. Facts only:
    /// `MetricHistory` makes something of them. Throws when the source refuses the expression or can't be asked.
    func series(
        of expression: String, over length: Duration, until end: Date
    ) async throws(MetricHistoryError) -> MetricRange
}

/// What a source told about an expression.
package struct MetricRange: Sendable, Equatable {
    /// The grid.
    package let window: MetricWindow
    /// The series, in the source's order; none is an answer.
    package let series: [MetricSeries]
    /// Not empty when something may be missing.
    package let warnings: [String]

    /// Records an answer.
    package init(window: MetricWindow, series: [MetricSeries], warnings: [String] = []) {
        self.window = window
        self.series = series
        self.warnings = warnings
    }
}

/// Why there is no history.
package enum MetricHistoryError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The source does not accept or can't compute the expression; its own words.
    case refused(UntrustedText)
    /// The source gave no answer that can be used; a sentence that names no secret.
    case unavailable(reason: String)

    /// Whether the source answered, and said no.
    package var isRefusal: Bool {
        if case .refused = self { true } else { false }
    }

    /// One sentence for a person.
    package var description: String {
        switch self {
        case .refused(let words): "the expression is refused: \(words.display(limit: 400))"
        case .unavailable(let reason): reason
        }
    }
}
