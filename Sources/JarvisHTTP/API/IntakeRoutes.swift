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
    private let admission: IntakeAdmission
    private let recent: RecentAlerts
    private let onOverload: @Sendable (_ refused: Int) -> Void

    /// Takes alerts into this log.
    ///
    /// - Parameters:
    ///   - repeatCooldown: seconds in which a repeat of an alert is not written again.
    ///   - onOverload: called with the number of deliveries that were refused because too many waited for the disk,
    ///     at most once in ten seconds.
    package init(
        alertLog: any AlertLog, gatekeeper: Gatekeeper, metrics: MetricsRegistry, now: @escaping @Sendable () -> Date,
        newID: @escaping @Sendable () -> DeliveryID, repeatCooldown: Double,
        admission: IntakeAdmission = IntakeAdmission(),
        onOverload: @escaping @Sendable (_ refused: Int) -> Void = { _ in }
    ) {
        self.admission = admission
        self.onOverload = onOverload
        recent = RecentAlerts(cooldown: repeatCooldown)
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
            .counter, "jarvis_alerts_repeated_total",
            help: "Alerts that repeated what was stored lately, in accepted deliveries.", labels: ["source"])
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
        let sender = try gatekeeper.admit(request, as: .sender) + "@" + request.remoteAddress
        FaultPoint.passes("intake.admit.before")
        let arrival = now()
        guard admission.enter(sender, bytes: request.body.count) else {
            metrics.add(1, to: "jarvis_deliveries_total", ["unknown", "overloaded"])
            if let refused = admission.refusalsToTell(at: arrival) { onOverload(refused) }
            // Never a 4xx: Alertmanager would drop the alerts.
            throw HTTPRejection(
                .serviceUnavailable, "too many deliveries wait for the disk; try again", headers: ["Retry-After": "5"])
        }
        defer { admission.leave(sender, bytes: request.body.count) }
        return try await take(request.body, arrival, parse)
    }

    private func take(
        _ body: [UInt8], _ arrival: Date,
        _ parse: ([UInt8], Date) throws(DeliveryParser.Malformed) -> DeliveryParser.Batch
    ) async throws -> HTTPServerResponse {
        FaultPoint.passes("intake.parse.before")
        let batch: DeliveryParser.Batch
        do {
            batch = try parse(body, arrival)
        } catch {
            metrics.add(1, to: "jarvis_deliveries_total", ["unknown", "malformed"])
            throw HTTPRejection(.badRequest, error.reason)
        }
        let id = newID()
        let sorted = recent.sort(batch.alerts, of: id, at: arrival)
        guard let stored = await store(sorted, of: batch, id, arrival) else {
            metrics.add(1, to: "jarvis_deliveries_total", [batch.source.rawValue, "unavailable"])
            throw HTTPRejection(.serviceUnavailable, "not stored; try again", headers: ["Retry-After": "5"])
        }
        count(batch, repeated: batch.alerts.count - sorted.fresh.count)
        FaultPoint.passes("intake.answer.before")
        return try answer(batch, stored)
    }

    /// The delivery in which the alerts are durable; nil where they could not be stored.
    private func store(
        _ sorted: RecentAlerts.Sorted, of batch: DeliveryParser.Batch, _ id: DeliveryID, _ arrival: Date
    ) async -> DeliveryID? {
        let isRepeat = sorted.fresh.isEmpty && batch.rejected.isEmpty && !batch.alerts.isEmpty
        if !isRepeat {
            do {
                if FaultPoint.fails("intake.accept.before") { throw StoreError.unavailable(reason: "injected") }
                try await alertLog.accept(
                    Delivery(
                        id: id, receivedAt: arrival, source: batch.source, alerts: sorted.fresh,
                        rejected: batch.rejected))
                if FaultPoint.fails("intake.accept.after") { throw StoreError.unavailable(reason: "injected") }
                recent.stored(sorted, true)
            } catch {
                recent.stored(sorted, false)
                return nil
            }
        }
        for first in sorted.awaited {
            guard await first.isDurable() else { return nil }
        }
        return isRepeat ? sorted.awaited.first?.delivery : id
    }

    private func count(_ batch: DeliveryParser.Batch, repeated: Int) {
        let source = batch.source.rawValue
        metrics.add(1, to: "jarvis_deliveries_total", [source, "accepted"])
        metrics.add(Double(batch.alerts.count), to: "jarvis_alerts_received_total", [source])
        if repeated > 0 { metrics.add(Double(repeated), to: "jarvis_alerts_repeated_total", [source]) }
        if !batch.rejected.isEmpty {
            metrics.add(Double(batch.rejected.count), to: "jarvis_alerts_rejected_total", [source])
        }
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

    private func answer(_ delivery: DeliveryParser.Batch, _ id: DeliveryID) throws -> HTTPServerResponse {
        // Nothing of it was understood: the sender is told, although the rejected alerts are kept.
        if delivery.alerts.isEmpty, let first = delivery.rejected.first {
            throw HTTPRejection(.badRequest, first.reason)
        }
        if delivery.rejected.isEmpty {
            let text = #"{"accepted":\#(delivery.alerts.count),"delivery":"\#(id)","rejected":[]}"#
            return .json(status: .accepted, Array(text.utf8))
        }
        let answer = Answer(
            delivery: id, accepted: delivery.alerts.count,
            rejected: delivery.rejected.map { .init(index: $0.index, reason: $0.reason) })
        return .json(status: .accepted, try JSONBody.encode(answer))
    }
}
