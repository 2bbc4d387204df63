// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import JarvisCore

/// Reads what senders post: Alertmanager's webhook (version 4), Grafana's, and Alertmanager's own API v2 shape.
package enum DeliveryParser {
    /// Why a request can't be taken at all; names the field.
    package struct Malformed: Error, Equatable {
        /// `alerts: is missing`.
        package let reason: String
    }

    /// Alerts that one request may hold.
    package static let maximumAlerts = 10_000
    /// Rejected alerts of one request that are kept.
    private static let maximumRejected = 100
    /// Seconds that a sender's clock may be ahead.
    private static let maximumSkew = 900.0

    /// What a request holds.
    package struct Batch: Sendable, Equatable {
        /// Which kind of sender it came from.
        package let source: Delivery.Source
        /// The alerts that were understood.
        package let alerts: [Alert]
        /// The alerts that were not.
        package let rejected: [Delivery.Rejected]
    }

    private struct Webhook: Decodable {
        let version: String
        let alerts: [BatchElement]

        private enum Key: String, CodingKey { case version, alerts }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            version = try container.decode(String.self, forKey: .version)
            guard version == "4" || version == "1" else {
                throw DecodingError.dataCorrupted(
                    .init(
                        codingPath: [Key.version], debugDescription: "only 4 (Alertmanager) and 1 (Grafana) are known"))
            }
            alerts = try container.decode([BatchElement].self, forKey: .alerts)
        }
    }

    /// Reads a webhook request.
    ///
    /// Unknown fields are ignored.
    package static func webhook(_ body: [UInt8], receivedAt: Date) throws(Malformed) -> Batch {
        if let plain = PlainDelivery.webhook(body) {
            let batch = try webhook(plain.version, plain.alerts.map { .alert($0) }, receivedAt)
            // The texts of what is rejected are the decoder's.
            if batch.rejected.isEmpty { return batch }
        }
        return try decodedWebhook(body, receivedAt: receivedAt)
    }

    /// As `webhook`, always by `JSONDecoder`.
    static func decodedWebhook(_ body: [UInt8], receivedAt: Date) throws(Malformed) -> Batch {
        let payload = try decode(Webhook.self, body)
        return try webhook(payload.version, payload.alerts, receivedAt)
    }

    private static func webhook(
        _ version: String, _ alerts: [BatchElement], _ receivedAt: Date
    ) throws(Malformed) -> Batch {
        try batch(alerts, source: version == "4" ? .alertmanager : .grafana, receivedAt) { alert in
            switch alert.status {
            case "firing": .firing
            case "resolved": .resolved
            default: nil
            }
        }
    }

    /// Reads the list that Prometheus posts to `/api/v2/alerts`; an alert whose `endsAt` is past is resolved.
    package static func alerts(_ body: [UInt8], receivedAt: Date) throws(Malformed) -> Batch {
        if let plain = PlainDelivery.alerts(body) {
            let batch = try alerts(plain.map { .alert($0) }, receivedAt)
            if batch.rejected.isEmpty { return batch }
        }
        return try decodedAlerts(body, receivedAt: receivedAt)
    }

    /// As `alerts`, always by `JSONDecoder`.
    static func decodedAlerts(_ body: [UInt8], receivedAt: Date) throws(Malformed) -> Batch {
        try alerts(try decode([BatchElement].self, body), receivedAt)
    }

    private static func alerts(_ elements: [BatchElement], _ receivedAt: Date) throws(Malformed) -> Batch {
        try batch(elements, source: .prometheus, receivedAt) { alert in
            if let end = alert.endsAt, end.timeIntervalSince1970 > 0, end <= receivedAt { .resolved } else { .firing }
        }
    }

    private static func decode<Payload: Decodable>(_ type: Payload.Type, _ body: [UInt8]) throws(Malformed) -> Payload {
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch let error as DecodingError {
            throw Malformed(reason: error.fieldAndReason)
        } catch {
            throw Malformed(reason: "the body is not JSON")
        }
    }

    private static func batch(
        _ elements: [BatchElement], source: Delivery.Source, _ receivedAt: Date, state: (AlertPayload) -> Alert.State?
    ) throws(Malformed) -> Batch {
        guard elements.count <= maximumAlerts else {
            throw Malformed(reason: "alerts: more than \(maximumAlerts) in one request; set max_alerts at the sender")
        }
        var alerts: [Alert] = []
        var rejected: [Delivery.Rejected] = []
        func reject(_ index: Int, _ reason: String, _ raw: String) {
            guard rejected.count < maximumRejected else { return }
            rejected.append(.init(index: index, reason: reason, raw: UntrustedText(String(raw.prefix(16_384)))))
        }
        for (index, element) in elements.enumerated() {
            switch element {
            case .rejected(let reason, let raw): reject(index, reason, raw)
            case .alert(let payload):
                guard let state = state(payload) else {
                    reject(index, "alerts[\(index)].status: must be firing or resolved", "\(payload.labels)")
                    continue
                }
                guard payload.startsAt.timeIntervalSince(receivedAt) <= maximumSkew else {
                    // Taken as it is, it would hide every true occurrence of this alert until then.
                    reject(
                        index, "alerts[\(index)].startsAt: lies in the future; look at the sender's clock",
                        "\(payload.labels)")
                    continue
                }
                alerts.append(alert(payload, state))
            }
        }
        return Batch(source: source, alerts: alerts, rejected: rejected)
    }

    private static func alert(_ payload: AlertPayload, _ state: Alert.State) -> Alert {
        // Senders write the year 1 for "not ended".
        let end = payload.endsAt.flatMap { state == .resolved && $0.timeIntervalSince1970 > 0 ? $0 : nil }
        return Alert(
            labels: LabelSet(payload.labels), annotations: payload.annotations.mapValues(UntrustedText.init),
            state: state, startsAt: payload.startsAt, endsAt: end,
            generatorURL: payload.generatorURL.map(UntrustedText.init))
    }
}
