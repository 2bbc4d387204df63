// SPDX-License-Identifier: Apache-2.0

import FaultPoints
package import FoundationEssentials
package import JarvisCore

/// The ways in for alerts.
package struct IntakeRoutes: Sendable {
    private let alertLog: any AlertLog
    private let gatekeeper: Gatekeeper
    private let metrics: MetricsRegistry
    private let now: @Sendable () -> Date
    private let newID: @Sendable () -> DeliveryID

    /// Takes alerts into this log.
    package init(
        alertLog: any AlertLog, gatekeeper: Gatekeeper, metrics: MetricsRegistry, now: @escaping @Sendable () -> Date,
        newID: @escaping @Sendable () -> DeliveryID
    ) {
        self.alertLog = alertLog
        self.gatekeeper = gatekeeper
        self.metrics = metrics
        self.now = now
        self.newID = newID
        metrics.declare(
            .counter, "jarvis_deliveries_total", help: "Deliveries by source and result.", labels: ["source", "result"])
        metrics.declare(
            .counter, "jarvis_alerts_received_total", help: "Alerts in accepted deliveries.", labels: ["source"])
        metrics.declare(
            .counter, "jarvis_alerts_rejected_total", help: "Alerts that were not understood.", labels: ["source"])
    }

    /// The routes: Alertmanager's and Grafana's webhook, and Alertmanager's own API for Prometheus.
    package var routes: [Route] {
        ["/webhook", "/api/v1/webhook/alertmanager"].map { path in
            Route(.post, path) { request, _ in try await take(request, DeliveryParser.webhook) }
        } + [Route(.post, "/api/v2/alerts") { request, _ in try await take(request, DeliveryParser.alerts) }]
    }

    private func take(
        _ request: HTTPServerRequest,
        _ parse: ([UInt8], Date) throws(DeliveryParser.Malformed) -> DeliveryParser.Batch
    ) async throws -> HTTPServerResponse {
        _ = try gatekeeper.admit(request, as: .sender)
        FaultPoint.passes("intake.parse.before")
        let arrival = now()
        let batch: DeliveryParser.Batch
        do {
            batch = try parse(request.body, arrival)
        } catch {
            metrics.add(1, to: "jarvis_deliveries_total", ["unknown", "malformed"])
            throw HTTPRejection(.badRequest, error.reason)
        }
        let delivery = Delivery(
            id: newID(), receivedAt: arrival, source: batch.source, alerts: batch.alerts, rejected: batch.rejected)
        do {
            if FaultPoint.fails("intake.accept.before") { throw StoreError.unavailable(reason: "injected") }
            try await alertLog.accept(delivery)
            if FaultPoint.fails("intake.accept.after") { throw StoreError.unavailable(reason: "injected") }
        } catch {
            metrics.add(1, to: "jarvis_deliveries_total", [batch.source.rawValue, "unavailable"])
            throw HTTPRejection(.serviceUnavailable, "not stored; try again", headers: ["Retry-After": "5"])
        }
        count(delivery)
        FaultPoint.passes("intake.answer.before")
        return try answer(delivery)
    }

    private func count(_ delivery: Delivery) {
        let source = delivery.source.rawValue
        metrics.add(1, to: "jarvis_deliveries_total", [source, "accepted"])
        metrics.add(Double(delivery.alerts.count), to: "jarvis_alerts_received_total", [source])
        metrics.add(Double(delivery.rejected.count), to: "jarvis_alerts_rejected_total", [source])
    }

    private struct Answer: Encodable {
        struct Rejected: Encodable {
            let index: Int
            let reason: String
        }
        let delivery: DeliveryID
        let accepted: Int
        let rejected: [Rejected]
    }

    private func answer(_ delivery: Delivery) throws -> HTTPServerResponse {
        // Nothing of it was understood: the sender is told, although the rejected alerts are kept.
        if delivery.alerts.isEmpty, let first = delivery.rejected.first {
            throw HTTPRejection(.badRequest, first.reason)
        }
        let answer = Answer(
            delivery: delivery.id, accepted: delivery.alerts.count,
            rejected: delivery.rejected.map { .init(index: $0.index, reason: $0.reason) })
        return .json(status: .accepted, try JSONBody.encode(answer))
    }
}
