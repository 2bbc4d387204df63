// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// Which lines of which streams are wanted, as values that no syntax is made of here.
package struct LogQuery: Sendable, Equatable {
    /// A condition on a label of a stream.
    package struct Condition: Sendable, Hashable {
        /// The label's name.
        package let label: String
        /// What is asked of its value.
        package let comparison: Comparison

        /// How a label's value is compared.
        package enum Comparison: Sendable, Hashable {
            /// It is this text.
            case equals(String)
            /// It is there, whatever it is.
            case isThere
        }

        /// A label whose name is letters, digits and underscores and begins with no digit; nil for any other.
        package init?(_ label: String, _ comparison: Comparison) {
            guard let first = label.utf8.first, !first.isDigit, label.utf8.count <= 128,
                label.utf8.allSatisfy(ByteSet.identifier.contains)
            else { return nil }
            self.label = label
            self.comparison = comparison
        }
    }

    /// A condition on a line.
    package enum Filter: Sendable, Hashable {
        /// The text is in it, in this spelling.
        case contains(String)
        /// One of the words is in it, in any case.
        case containsAnyWord([String])
        /// A regular expression (RE2) matches somewhere in it.
        case matches(String)
    }

    /// Which end of the time the lines are counted from, should there be too many.
    package enum Order: String, Sendable, Codable, CaseIterable {
        case newestFirst, oldestFirst
    }

    /// The server of the logs answers no more lines than this.
    package static let mostLines = 5_000
    /// The words that a container's errors are looked for by.
    package static let errorWords = ["error", "exception", "fatal", "panic", "fail"]

    /// Conditions that all hold; never empty.
    package let conditions: [Condition]
    /// Filters that all hold.
    package let filters: [Filter]
    /// Lines from this instant on.
    package let start: Date
    /// Lines before this instant.
    package let end: Date
    /// At most so many lines.
    package let limit: Int
    /// Which end of the time they are counted from.
    package let order: Order

    /// A query over a time that ends at `end`; nil without a condition, or where no time is left.
    ///
    /// The limit is brought between 1 and `mostLines`.
    package init?(
        _ conditions: [Condition], _ filters: [Filter] = [], over length: Duration, until end: Date, limit: Int,
        order: Order = .newestFirst
    ) {
        guard !conditions.isEmpty, length > .zero else { return nil }
        self.conditions = conditions
        self.filters = filters
        start = end.addingTimeInterval(-(length / .seconds(1)))
        self.end = end
        self.limit = min(max(limit, 1), Self.mostLines)
        self.order = order
    }
}
