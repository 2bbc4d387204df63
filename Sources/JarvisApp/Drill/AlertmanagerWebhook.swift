// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore

/// Alertmanager's webhook payload, version 4, for one alert.
struct AlertmanagerWebhook: Encodable {
    struct Item: Encodable {
        let status: String
        let labels: [String: String]
        let annotations: [String: String]
        let startsAt: String
        let endsAt: String
        let generatorURL: String
        let fingerprint: String
    }

    let version = "4"
    let groupKey: String
    let truncatedAlerts = 0
    let status: String
    let receiver = "jarvis"
    let groupLabels: [String: String]
    let commonLabels: [String: String]
    let commonAnnotations: [String: String] = [:]
    let externalURL = "http://127.0.0.1/"
    let alerts: [Item]

    init(_ alert: Alert) {
        let labels = alert.labels.values
        groupKey = "{}:{alertname=\"\(alert.displayName)\"}"
        status = alert.state.rawValue
        groupLabels = labels.filter { $0.key == "alertname" }
        commonLabels = labels
        alerts = [
            Item(
                status: alert.state.rawValue, labels: labels,
                annotations: ["summary": "The fire drill's canary does not answer"],
                startsAt: RFC3339.format(alert.startsAt), endsAt: "0001-01-01T00:00:00Z",
                generatorURL: "http://127.0.0.1/drill", fingerprint: alert.fingerprint.description)
        ]
    }
}
