// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import JarvisCore

extension Alertmanager: AlertingView {
    package func status() async throws(AlertingError) -> AlertingStatus {
        let answer = try await look("status", as: AlertmanagerWire.Status.self)
        return AlertingStatus(
            version: UntrustedText(answer.versionInfo.version), startedAt: InternetTimestamp.parse(answer.uptime),
            cluster: UntrustedText(answer.cluster.status), peers: answer.cluster.peers?.count ?? 0)
    }

    /// See `AlertingView.alerts`.
    ///
    /// The service is given the labels that can be written without any doubt, and what it answers is compared again.
    package func alerts(with labels: LabelSet) async throws(AlertingError) -> [RoutedAlert] {
        // A person's label may have any name; in an address only plain ones are written.
        let plain = labels.values.filter { $0.key.isPromQLName(allowingColon: false) }
        let filter = AlertmanagerWire.filter(LabelSet(plain))
        let found = try await look(filter.isEmpty ? "alerts" : "alerts?\(filter)", as: [AlertmanagerWire.Alert].self)
        let matching = found.filter { alert in labels.values.allSatisfy { alert.labels[$0.key] == $0.value } }
        return try matching.map { alert throws(AlertingError) in
            RoutedAlert(
                labels: LabelSet(alert.labels), state: alert.status.state,
                silencedBy: try alert.status.silencedBy.map { name throws(AlertingError) in
                    try AlertmanagerWire.name(name)
                },
                inhibitedBy: alert.status.inhibitedBy.map { UntrustedText($0) },
                receivers: alert.receivers.map { UntrustedText($0.name) })
        }
    }
}
