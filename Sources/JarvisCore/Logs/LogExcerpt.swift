// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// One line of a log, its secrets taken out.
package struct LogLine: Sendable, Equatable {
    /// Nanoseconds since 1970, as the source has them.
    package let nanoseconds: Int64
    /// What the stream is known by.
    package let labels: LabelSet
    /// The line.
    package let text: UntrustedText

    /// Records a line.
    package init(nanoseconds: Int64, labels: LabelSet, text: UntrustedText) {
        self.nanoseconds = nanoseconds
        self.labels = labels
        self.text = text
    }

    /// The time, to a microsecond or so.
    package var time: Date { Date(timeIntervalSince1970: Double(nanoseconds) / 1e9) }
}

/// The lines that a query gave.
package struct LogExcerpt: Sendable, Equatable {
    /// In the query's order.
    package let lines: [LogLine]
    /// As many lines as were asked for, so that there may be more.
    package let isTruncated: Bool

    /// Records lines.
    package init(lines: [LogLine], isTruncated: Bool) {
        self.lines = lines
        self.isTruncated = isTruncated
    }
}
