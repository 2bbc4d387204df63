// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import JarvisCore

/// What Alertmanager says, for people and for programs.
package enum AlertingReport {
    /// Lines about the service itself.
    package static func lines(_ status: AlertingStatus, now: Date) -> [String] {
        var lines = [
            "version   \(status.version.display(limit: 60))",
            "cluster   \(status.cluster.display(limit: 60)), \(status.peers) \(status.peers == 1 ? "peer" : "peers")",
        ]
        if let started = status.startedAt {
            let hours = CompactNumber.text(max(0, now.timeIntervalSince(started)) / 3600)
            lines.append("started   \(RFC3339.format(started).prefix(19))Z, \(hours) h ago")
        }
        return lines
    }

    /// A table of alerts.
    package static func lines(_ alerts: [RoutedAlert]) -> [String] {
        guard !alerts.isEmpty else { return ["no such alert is known there"] }
        var table = TextTable(["STATE", "KEPT BACK BY", "RECEIVERS", "LABELS"])
        for alert in alerts {
            let silences = alert.silencedBy.map { "silence \($0)" }
            let others = alert.inhibitedBy.map { "alert \($0.display(limit: 60))" }
            let reasons = (silences + others).joined(separator: ", ")
            table.add([
                alert.state.rawValue, reasons.isEmpty ? "-" : reasons,
                alert.receivers.map { $0.display(limit: 60) }.joined(separator: ", "), SeriesName.text(alert.labels),
            ])
        }
        return table.render().split(separator: "\n").map(String.init)
    }

    /// One alert as JSON.
    package struct Document: Encodable, Sendable {
        let labels: LabelSet
        let state: String
        let silencedBy: [String]
        let inhibitedBy: [UntrustedText]
        let receivers: [UntrustedText]

        /// All of an alert.
        package init(_ alert: RoutedAlert) {
            labels = alert.labels
            state = alert.state.rawValue
            silencedBy = alert.silencedBy.map(\.text)
            inhibitedBy = alert.inhibitedBy
            receivers = alert.receivers
        }
    }
}
