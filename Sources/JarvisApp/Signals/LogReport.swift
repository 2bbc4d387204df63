// SPDX-License-Identifier: Apache-2.0

package import JarvisCore

/// Lines of logs for people and for programs.
package struct LogReport: Sendable {
    private let excerpt: LogExcerpt
    private let limit: Int

    /// Reports what a query gave.
    package init(_ excerpt: LogExcerpt, of query: LogQuery) {
        self.excerpt = excerpt
        limit = query.limit
    }

    /// A line for each, in the order they came: time, where from, and the text, made safe for a terminal.
    package func lines() -> [String] {
        excerpt.lines.map { line in
            let time = RFC3339.format(line.time).prefix(23)
            return "\(time)Z \(Self.origin(line.labels)) \(line.text.display(limit: 2_000))"
        }
    }

    /// What has to be known about the lines; nil: nothing.
    package var remark: String? {
        if excerpt.lines.isEmpty { return "no lines: nothing matches in this time, or no stream has these labels" }
        guard excerpt.isTruncated else { return nil }
        return "these are \(excerpt.lines.count) lines, as many as were asked for: there may be more "
            + "(--limit, at most \(LogQuery.mostLines), or a shorter time)"
    }

    /// Everything as one value.
    package var document: LogDocument {
        LogDocument(
            truncated: excerpt.isTruncated, limit: limit,
            lines: excerpt.lines.map { line in
                .init(
                    time: RFC3339.format(line.time), nanoseconds: String(line.nanoseconds), labels: line.labels,
                    line: line.text)
            })
    }

    /// The label that says most, else all of them.
    private static func origin(_ labels: LabelSet) -> String {
        for name in ["container", "container_name", "service_name", "unit", "job"] {
            if let value = labels[name] { return "[\(value.display(limit: 60))]" }
        }
        return SeriesName.text(labels)
    }
}

/// Lines of logs as JSON; nanoseconds are text, because JSON's numbers do not hold them.
package struct LogDocument: Encodable, Sendable {
    struct Line: Encodable {
        let time: String
        let nanoseconds: String
        let labels: LabelSet
        let line: UntrustedText
    }

    let truncated: Bool
    let limit: Int
    let lines: [Line]
}
