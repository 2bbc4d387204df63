// SPDX-License-Identifier: Apache-2.0
extension PrometheusAlert {
    init(_ wire: PrometheusWire.Alert) {
        self.init(
            labels: wire.labels, annotations: wire.annotations ?? [:], state: wire.state,
            activeAt: wire.activeAt.flatMap(InternetTimestamp.parse), value: wire.value.flatMap { Double($0) })
    }
}

extension PrometheusRule {
    /// Nil for a recording rule.
    init?(_ wire: PrometheusWire.Rule, in group: PrometheusWire.Group) {
        guard wire.type == "alerting" else { return nil }
        self.init(
            group: group.name, name: wire.name, query: wire.query, duration: .wholeMilliseconds(wire.duration),
            keepFiringFor: .wholeMilliseconds(wire.keepFiringFor), labels: wire.labels ?? [:],
            annotations: wire.annotations ?? [:], alerts: (wire.alerts ?? []).map { PrometheusAlert($0) },
            health: wire.health ?? .unknown, lastError: wire.lastError.map { String($0.prefix(500)) },
            lastEvaluation: wire.lastEvaluation.flatMap(InternetTimestamp.parse),
            evaluationInterval: .wholeMilliseconds(group.interval))
    }
}

extension PrometheusTarget {
    init(_ wire: PrometheusWire.Target) {
        self.init(
            labels: wire.labels, health: wire.health, lastError: String((wire.lastError ?? "").prefix(500)),
            lastScrape: wire.lastScrape.flatMap(InternetTimestamp.parse),
            scrapeInterval: wire.scrapeInterval.flatMap { PrometheusDuration.parse($0) })
    }
}

extension Duration {
    /// Seconds from the wire; what no clock could count becomes zero or a century.
    fileprivate static func wholeMilliseconds(_ seconds: Double?) -> Duration {
        guard let seconds, seconds > 0 else { return .zero }
        return .milliseconds(Int64((min(seconds, 3_155_760_000) * 1000).rounded()))
    }
}
