// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// One webhook request as it came in, reduced to its alerts.
package struct Delivery: Sendable, Codable, Equatable {
    /// Which kind of sender it came from.
    package enum Source: String, Sendable, Codable {
        /// Alertmanager's webhook, payload version 4.
        case alertmanager
        /// Grafana alerting's webhook.
        case grafana
        /// Prometheus itself through `/api/v2/alerts`.
        case prometheus
    }

    /// An alert in the batch that could not be understood; kept so that nothing vanishes in silence.
    package struct Rejected: Sendable, Codable, Equatable {
        /// Its place in the batch, from 0.
        package let index: Int
        /// What is wrong, naming the field.
        package let reason: String
        /// The alert's JSON as it came, cut to 16 KiB.
        package let raw: UntrustedText

        /// Records one rejected alert.
        package init(index: Int, reason: String, raw: UntrustedText) {
            self.index = index
            self.reason = reason
            self.raw = raw
        }
    }

    /// Identity of this request.
    package let id: DeliveryID
    /// When it arrived, by Jarvis' clock.
    package let receivedAt: Date
    /// Which kind of sender it came from.
    package let source: Source
    /// The alerts that were understood.
    package let alerts: [Alert]
    /// The alerts that were not.
    package let rejected: [Rejected]

    /// Builds a delivery.
    package init(id: DeliveryID, receivedAt: Date, source: Source, alerts: [Alert], rejected: [Rejected] = []) {
        self.id = id
        self.receivedAt = receivedAt
        self.source = source
        self.alerts = alerts
        self.rejected = rejected
    }
}
