// SPDX-License-Identifier: Apache-2.0

/// Asks where logs are collected for lines.
package protocol LogSource: Sendable {
    /// The lines that a query selects, without secrets, at most so many as its limit.
    ///
    /// No line is an answer. Throws when the source refuses the query or can't be asked; it never changes anything there.
    func lines(_ query: LogQuery) async throws(LogSourceError) -> LogExcerpt
}

/// Why there are no lines.
package enum LogSourceError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The source does not accept the query; its own words.
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
        case .refused(let words): "the query is refused: \(words.display(limit: 400))"
        case .unavailable(let reason): reason
        }
    }
}
