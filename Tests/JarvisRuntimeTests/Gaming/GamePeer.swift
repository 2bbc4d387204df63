// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FoundationEssentials
import JarvisCore
import Synchronization

@testable import JarvisClients

/// A world behind the ports: the host and the outside answer at once, Prometheus through the product's own client code.
final class GamePeer: CommandRunner, ServiceProber, MetricsSource, PrometheusAnswering {
    private let world: Mutex<GameWorld>

    init(_ world: GameWorld) { self.world = Mutex(world) }

    func change<Result: Sendable>(_ body: (inout sending GameWorld) -> sending Result) -> Result {
        world.withLock { body(&$0) }
    }

    private var seen: GameWorld { world.withLock { $0 } }

    func run(_ step: JudgedStep, on host: Host, _ run: RunContext) async -> Receipt {
        guard case .command(let command) = step else { return Receipt(ending: .notStarted(reason: "no service here")) }
        switch command.effects.first?.verb {
        case .observe where !["'{\"id\":", "LoadState"].contains(where: { command.canonical.contains($0) }):
            return Receipt(ending: .exited(status: 0), standardOutput: "")
        case .observe:
            let seen = seen
            return Receipt(
                ending: .exited(status: 0),
                standardOutput: (seen.mistaken ?? seen.thing).inspection(at: seen.now, hostIsAheadBy: seen.hostSkew))
        case .start, .restart:
            change { $0.runCommand() }
            return Receipt(ending: .exited(status: 0))
        case .stop:
            change { $0.undoCommand() }
            return Receipt(ending: .exited(status: 0))
        default: return Receipt(ending: .exited(status: 127))
        }
    }

    func arm(_ revert: JudgedCommand, after seconds: Int, on host: Host, _ run: RunContext) async -> Receipt {
        Receipt(ending: .notStarted(reason: "no guard here"))
    }

    func confirm(on host: Host, _ run: RunContext) async -> Receipt {
        Receipt(ending: .notStarted(reason: "no guard here"))
    }

    func ask(_ probe: ServiceProbe) async -> ServiceAnswer {
        (seen.mistaken ?? seen.thing).isGood ? .good("200") : .bad("500")
    }

    func reading(of labels: LabelSet) async throws(MetricsSourceError) -> JarvisCore.AlertRuleReading? {
        try await PrometheusMetricsSource(self).reading(of: labels)
    }

    // MARK: Prometheus

    private func answering() throws(PrometheusError) -> (ModelPrometheus, Double) {
        let seen = seen
        let time = seen.now + seen.sourceSkew
        guard !seen.prometheus.hangs else { throw .timeout }
        guard seen.prometheus.answers, time >= seen.prometheus.replaysUntil else { throw .unavailable(status: 503) }
        return (seen.prometheus, time)
    }

    func query(_ expression: String, at instant: Date?) async throws(PrometheusError) -> PrometheusQueryResult {
        let (prometheus, now) = try answering()
        let time = instant?.timeIntervalSince1970 ?? now
        func result(_ rows: [([String: String], Double)]) -> PrometheusQueryResult {
            let date = Date(timeIntervalSince1970: time)
            return PrometheusQueryResult(
                samples: rows.map { PrometheusSample(labels: $0.0, time: date, value: $0.1) }, warnings: [])
        }
        if expression == "time()" { return result([([:], time)]) }
        if let rule = prometheus.rules.first(where: { $0.text == expression }) {
            return result(prometheus.rows(of: rule, at: time).map { ($0, 1) })
        }
        if expression.hasPrefix("timestamp(") {
            guard let use = PromQLSelectors(String(expression.dropFirst(10).dropLast())).uses.first else {
                throw .badData(message: "not a selector: \(expression)")
            }
            return result(prometheus.samples(of: use.selector, at: time))
        }
        if let name = expression.firstRange(of: "ALERTS_FOR_STATE") {
            let selector = expression[name.lowerBound...].prefix { $0 != "[" }
            guard let use = PromQLSelectors(String(selector)).uses.first else {
                throw .badData(message: "not a selector: \(selector)")
            }
            let (last, mean) = prometheus.beginnings(of: use.selector, at: time)
            return result((expression.contains("changes(") ? mean : last).map { [([:], $0)] } ?? [])
        }
        throw .badData(message: "not modelled: \(expression)")
    }

    func rules() async throws(PrometheusError) -> [PrometheusRule] {
        let (prometheus, _) = try answering()
        return prometheus.rules.map { rule in
            PrometheusRule(
                group: "things", name: rule.name, query: rule.text, duration: .seconds(rule.hold),
                keepFiringFor: .seconds(rule.keepFiring), labels: rule.labels, annotations: [:],
                alerts: (prometheus.active[rule.name] ?? []).map { alert in
                    PrometheusAlert(
                        labels: alert.labels, annotations: [:], state: alert.firesSince == nil ? .pending : .firing,
                        activeAt: Date(timeIntervalSince1970: alert.activeAt), value: 0)
                },
                health: .good, lastError: nil, lastEvaluation: nil,
                evaluationInterval: .seconds(prometheus.evaluationInterval))
        }
    }

    func settings() async throws(PrometheusError) -> PrometheusSettings {
        let (prometheus, _) = try answering()
        return PrometheusSettings(
            scrapeInterval: .seconds(prometheus.scrapeInterval),
            evaluationInterval: .seconds(prometheus.evaluationInterval), externalLabels: ["cluster": "home"])
    }

    func targets() async throws(PrometheusError) -> [PrometheusTarget] {
        let (prometheus, _) = try answering()
        guard prometheus.hasTarget else { return [] }
        return ["nexus:9100", "skynet:9100"].map { instance in
            PrometheusTarget(
                labels: ["job": "app", "instance": instance], health: "up", lastError: "", lastScrape: nil,
                scrapeInterval: .seconds(prometheus.scrapeInterval))
        }
    }
}
