// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
package import Logging

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Writes one line for each log message to standard error, as text or as JSON.
///
/// A line is one write, so that lines of several threads don't mix. Values are escaped: what comes from outside can't
/// forge a line.
package struct LineLogHandler: LogHandler {
    /// How a line looks.
    package enum Format: String, Sendable, CaseIterable {
        /// For people.
        case text
        /// For programs: one object a line.
        case json
    }

    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    private let format: Format

    /// Writes messages of at least this level.
    package init(level: Logger.Level, format: Format) {
        logLevel = level
        self.format = format
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(
        level: Logger.Level, message: Logger.Message, metadata explicit: Logger.Metadata?, source: String, file: String,
        function: String, line: UInt
    ) {
        let facts = metadata.merging(explicit ?? [:]) { $1 }.sorted { $0.key < $1.key }
            .map { ($0.key, UntrustedText("\($0.value)").display(limit: 2_000)) }
        let time = RFC3339.format(Date())
        let text =
            switch format {
            case .text:
                "\(time) \(level.rawValue) \(message)" + facts.map { " \($0)=\(Self.quoted($1))" }.joined()
            case .json: Self.object([("time", time), ("level", level.rawValue), ("message", "\(message)")] + facts)
            }
        let bytes = Array((text + "\n").utf8)
        _ = write(2, bytes, bytes.count)
    }

    private static func quoted(_ value: String) -> String {
        value.contains { $0 == " " || $0 == "\"" || $0 == "=" } ? json(value) : value
    }

    private static func object(_ pairs: [(String, String)]) -> String {
        "{" + pairs.map { "\(json($0)):\(json($1))" }.joined(separator: ",") + "}"
    }

    private static func json(_ text: String) -> String {
        (try? JSONEncoder().encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }
}
