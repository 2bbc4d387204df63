// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import JarvisCore

/// Turns whatever Loki, or what stands before it, says into one sentence.
///
/// Loki's own errors are plain text.
enum LokiError {
    /// Why an answer with this status is none.
    static func of(_ response: OutboundResponse) -> LogSourceError {
        let status = response.status
        switch status {
        case 401, 403: return .unavailable(reason: "Loki does not accept the credentials (HTTP \(status))")
        case 408, 429, 500...599:
            let words = plain(response).map { ": \(UntrustedText($0).display())" } ?? ""
            return .unavailable(reason: "Loki can't answer now (HTTP \(status))\(words)")
        case 400, 422:
            guard let words = plain(response) else { return notLoki(status) }
            return .refused(UntrustedText(words))
        default: return notLoki(status)
        }
    }

    static func of(_ error: TransportError) -> LogSourceError {
        switch error {
        case .cancelled: .unavailable(reason: "cancelled")
        case .tooLarge:
            .unavailable(reason: "Loki's answer is too large: ask for fewer lines, or for a shorter time")
        case .timeout(.response, _), .timeout(.body, _):
            .unavailable(reason: "Loki did not answer in time: ask for a shorter time, or for fewer streams")
        default: .unavailable(reason: "Loki can't be asked: \(error)")
        }
    }

    static func notLoki(_ status: Int) -> LogSourceError {
        .unavailable(reason: "what answers is not Loki's API (HTTP \(status))")
    }

    /// The first line of a text that is neither a page nor JSON of something else; nil where there is none.
    private static func plain(_ response: OutboundResponse) -> String? {
        guard let type = response.header("Content-Type")?.lowercased(), type.hasPrefix("text/plain") else { return nil }
        let text = String(decoding: response.body.prefix(2_000), as: UTF8.self)
        let words = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return words.isEmpty ? nil : String(words.prefix(500))
    }
}
