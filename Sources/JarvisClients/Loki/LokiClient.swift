// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import JarvisCore

/// Loki as the core's source of logs; never retries.
package struct LokiClient: LogSource {
    private let endpoint: ServiceEndpoint
    private let redactor: Redactor

    /// A client of the server at an endpoint, whose lines go through a redactor before anybody sees them.
    package init(_ endpoint: ServiceEndpoint, redactor: Redactor) {
        self.endpoint = endpoint
        self.redactor = redactor
    }

    package func lines(_ query: LogQuery) async throws(LogSourceError) -> LogExcerpt {
        let fields = FormEncoding.encode([
            ("query", LogQL.text(query)), ("start", Self.nanoseconds(query.start)),
            ("end", Self.nanoseconds(query.end)), ("limit", String(query.limit)),
            ("direction", query.order == .newestFirst ? "backward" : "forward"),
        ])
        let request = endpoint.request("loki/api/v1/query_range?\(fields)")
        let response: OutboundResponse
        do throws(TransportError) {
            response = try await endpoint.send(request)
        } catch {
            throw LokiError.of(error)
        }
        guard (200...299).contains(response.status) else { throw LokiError.of(response) }
        return excerpt(try LokiWire.streams(response.body), query)
    }

    /// The lines of all streams in one order; more of them than were asked for are cut off.
    private func excerpt(_ streams: [LokiWire.Stream], _ query: LogQuery) -> LogExcerpt {
        let all = streams.flatMap(clean)
        let ordered = all.sorted {
            query.order == .newestFirst ? $0.nanoseconds > $1.nanoseconds : $0.nanoseconds < $1.nanoseconds
        }
        return LogExcerpt(lines: Array(ordered.prefix(query.limit)), isTruncated: all.count >= query.limit)
    }

    /// The lines of a stream without secrets.
    ///
    /// A key in several lines is seen in their order only, so the stream is looked at as one text besides: of a line that is
    /// not in the cleaned text as it is alone, nothing is shown.
    private func clean(_ stream: LokiWire.Stream) -> [LogLine] {
        let labels = LabelSet(stream.labels.mapValues(redactor.redact))
        let entries = stream.entries.sorted { $0.nanoseconds < $1.nanoseconds }
        let together = redactor.redact(entries.map(\.line).joined(separator: "\n"))
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let whole = entries.flatMap { $0.line.split(separator: "\n", omittingEmptySubsequences: false) }
        let isAligned = together.count == whole.count
        let known = Set(together)
        var position = 0
        return entries.map { entry in
            let alone = entry.line.split(separator: "\n", omittingEmptySubsequences: false)
            defer { position += alone.count }
            let lines =
                isAligned
                ? Array(together[position..<position + alone.count])
                : alone.map { line in
                    let line = redactor.redact(String(line))
                    return known.contains(line) ? line : Redaction.marker
                }
            return LogLine(
                nanoseconds: entry.nanoseconds, labels: labels,
                text: UntrustedText(lines.joined(separator: "\n")))
        }
    }

    /// Nanoseconds since 1970 as Loki takes them; what no clock shows is brought into the years it can have.
    static func nanoseconds(_ date: Date) -> String {
        let microseconds = min(max(date.timeIntervalSince1970, 0), 9e9) * 1e6
        return "\(Int64(microseconds.rounded()))000"
    }
}
