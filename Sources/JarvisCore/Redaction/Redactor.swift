// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Redacts what hosts print for a whole process: it knows the process' own secrets, and counts.
///
/// The secrets never leave it.
package final class Redactor: Sendable {
    private struct State {
        var redaction = Redaction()
        var metrics: MetricsRegistry?
    }

    private static let metric = "jarvis_redactions_total"
    private let state = Mutex(State())

    /// Knows no secrets of its own yet; what looks like one is redacted all the same.
    package init() {}

    /// From now on also redacts exactly these values; see `Redaction.minimumValueLength`.
    package func learn(_ values: [String]) {
        let redaction = Redaction(values: values)
        state.withLock { $0.redaction = redaction }
    }

    /// From now on counts in `jarvis_redactions_total`.
    package func count(in metrics: MetricsRegistry) {
        metrics.declare(.counter, Self.metric, help: "Secrets taken out of the output of commands.")
        state.withLock { $0.metrics = metrics }
    }

    /// A text without secrets.
    package func redact(_ text: String) -> String {
        let (redaction, metrics) = state.withLock { ($0.redaction, $0.metrics) }
        let result = redaction.redact(text)
        if result.count > 0 { metrics?.add(Double(result.count), to: Self.metric) }
        return result.text
    }

    /// The receipt without secrets: both outputs, and the reasons, which may quote the host.
    package func redact(_ receipt: Receipt) -> Receipt {
        let (redaction, metrics) = state.withLock { ($0.redaction, $0.metrics) }
        var count = 0
        func redacted(_ text: String) -> String {
            let result = redaction.redact(text)
            count += result.count
            return result.text
        }
        let ending: Receipt.Ending =
            switch receipt.ending {
            case .notStarted(let reason): .notStarted(reason: redacted(reason))
            case .unknown(let reason): .unknown(reason: redacted(reason))
            case .exited, .timedOut: receipt.ending
            }
        let clean = Receipt(
            ending: ending, standardOutput: redacted(receipt.standardOutput.verbatim),
            standardError: redacted(receipt.standardError.verbatim), hostBeganAt: receipt.hostBeganAt,
            seconds: receipt.seconds)
        if count > 0 { metrics?.add(Double(count), to: Self.metric) }
        return clean
    }
}
