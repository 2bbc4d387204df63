// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Synchronization
import Testing

@testable import JarvisClients

/// Against a real Prometheus and an exporter that the test serves.
@Suite(
    .timeLimit(.minutes(2)), .serialized,
    .enabled(if: RealPrometheus.isInstalled, "prometheus is not installed: run scripts/bootstrap.sh test"))
struct AlertRuleReadingTests {
    private static let rules = """
        groups:
          - name: app
            rules:
              - alert: AppDown
                expr: app_up{kind="web"} == 0
                keep_firing_for: 2s
                labels: {severity: critical, host: "{{ $labels.instance }}"}
              - alert: AppGone
                expr: absent(app_up{name="gone"})
              - alert: AppSlow
                expr: max by (name) (rate(app_seconds_total[10s])) > 100
              - alert: AppOld
                expr: time() - app_seen > 1000000
              - alert: NoProof
                expr: app_up == 0 unless app_maintenance
              - alert: NotPlain
                expr: app_up{name="a"} / on (name) group_left () app_limit == 5

        """

    /// What the exporter says now.
    private final class Exporter: Sendable {
        private let text = Mutex("")
        let server: HostileServer

        init() throws {
            let owner = Mutex<Exporter?>(nil)
            server = try HostileServer.answering { _, connection in
                let body = owner.withLock { $0 }?.text.withLock { $0 } ?? ""
                connection.respond(headers: "Content-Type: text/plain; version=0.0.4\r\n", body: body)
            }
            owner.withLock { $0 = self }
        }

        func say(_ lines: String...) { text.withLock { $0 = lines.joined(separator: "\n") + "\n" } }
    }

    private func withPrometheus(
        _ body: (RealPrometheus, Exporter, PrometheusClient, HTTPTransport) async throws -> Void
    ) async throws {
        let exporter = try Exporter()
        defer { exporter.server.stop() }
        exporter.say(#"app_up{kind="web",name="a"} 0"#, #"app_up{kind="web",name="b"} 1"#)
        try await withTransport { transport in
            let prometheus = try RealPrometheus(scraping: exporter.server.port, rules: Self.rules)
            defer { prometheus.kill() }
            let client = PrometheusClient(ServiceEndpoint(transport: transport, baseURL: prometheus.url))
            try await body(prometheus, exporter, client, transport)
        }
    }

    private func labels(_ exporter: Exporter, name: String = "a") -> [String: String] {
        let instance = "127.0.0.1:\(exporter.server.port)"
        return [
            "alertname": "AppDown", "kind": "web", "name": name, "job": "app", "instance": instance, "host": instance,
            "severity": "critical", "cluster": "home",
        ]
    }

    /// Waits until a reading has a property and returns that reading.
    private func reading(
        _ fact: Comment, _ client: PrometheusClient, _ labels: [String: String],
        _ isSo: (AlertRuleReading.Rule) -> Bool
    ) async throws -> (AlertRuleReading, AlertRuleReading.Rule) {
        var found: (AlertRuleReading, AlertRuleReading.Rule)?
        try await eventually(fact, within: .seconds(40)) {
            guard let reading = try? await client.reading(forAlertLabels: labels),
                case .found(let rule) = reading.lookup, isSo(rule)
            else { return false }
            found = (reading, rule)
            return true
        }
        return try #require(found)
    }

    private func selectors(_ rule: AlertRuleReading.Rule) -> [AlertRuleReading.Selector] {
        switch rule.presence {
        case .derivable(let selectors): selectors
        case .inverted(let selector): [selector]
        case .underivable: []
        }
    }

    private func isFresh(_ reading: AlertRuleReading, _ selector: AlertRuleReading.Selector) -> Bool {
        guard let newest = selector.newestSample else { return false }
        return reading.prometheusTime.timeIntervalSince(newest) < 3
    }

    @Test func `broken, repaired, exporter dead, rule gone, Prometheus dead`() async throws {
        try await withPrometheus { prometheus, exporter, client, transport in
            let labels = labels(exporter)
            let (broken, firing) = try await reading("it fires", client, labels) { $0.state == .firing }
            #expect(firing.expressionRows == 1)
            #expect(firing.compatibleAlerts == 1)
            #expect(firing.keepFiringFor == .seconds(2))
            #expect(firing.evaluationInterval == .seconds(1))
            #expect(firing.health == .good)
            #expect(firing.longestRange == .zero)
            #expect(firing.defaultScrapeInterval == .seconds(5))
            #expect(firing.unexplainedLabels.isEmpty)
            #expect(abs(broken.prometheusTime.timeIntervalSince(broken.localTime)) < 2)
            let selector = try #require(selectors(firing).first)
            #expect(selector.series == 1)
            #expect(selector.scrapeInterval == .seconds(1))
            #expect(isFresh(broken, selector))

            // The other thing the same rule watches is well, and its reading is not mixed up with this one.
            let (_, other) = try await reading("b is well", client, self.labels(exporter, name: "b")) { _ in true }
            #expect(other.state == .inactive)
            #expect(other.expressionRows == 0)

            exporter.say(#"app_up{kind="web",name="a"} 1"#, #"app_up{kind="web",name="b"} 0"#)
            let (repaired, well) = try await reading("it is repaired", client, labels) {
                $0.expressionRows == 0 && $0.state == .inactive
            }
            #expect(selectors(well).allSatisfy { $0.series == 1 && isFresh(repaired, $0) })
            #expect(well.unexplainedLabels.isEmpty)

            exporter.say(#"app_up{kind="web",name="b"} 0"#)
            let (vanished, gone) = try await reading("the thing has vanished", client, labels) {
                selectors($0).allSatisfy { $0.series == 0 }
            }
            #expect(gone.expressionRows == 0)
            #expect(gone.unexplainedLabels == ["name"] || gone.unexplainedLabels.contains("name"))
            #expect(!selectors(gone).contains { isFresh(vanished, $0) })

            exporter.server.stop()
            let (dead, silent) = try await reading("the exporter is dead", client, self.labels(exporter, name: "b")) {
                $0.expressionRows == 0
            }
            #expect(!selectors(silent).isEmpty)
            #expect(!selectors(silent).contains { isFresh(dead, $0) })
            #expect(silent.unexplainedLabels.contains("name"))

            try await prometheus.replaceRules("groups: []\n", transport: transport)
            try await eventually("the rule is gone") {
                try await client.reading(forAlertLabels: labels).lookup == .notFound
            }

            prometheus.kill()
            await #expect(throws: PrometheusError.self) { try await client.reading(forAlertLabels: labels) }
        }
    }

    @Test func `absence turned round, old samples, ranges, and what proves nothing`() async throws {
        try await withPrometheus { _, exporter, client, _ in
            let seen = Int64((Date().timeIntervalSince1970 - 100) * 1000)
            exporter.say(
                #"app_up{kind="web",name="a"} 1"#, #"app_seconds_total{name="a"} 5"#, "app_seconds_total 5",
                #"app_seen{name="a"} 1 \#(seen)"#)
            var gone = labels(exporter, name: "gone")
            for label in ["kind", "job", "instance", "host", "severity"] { gone[label] = nil }
            gone["alertname"] = "AppGone"
            let (_, absent) = try await reading("absence fires", client, gone) { $0.state == .firing }
            #expect(absent.expressionRows == 1)
            #expect(selectors(absent).map(\.series) == [0])

            var old = labels(exporter)
            for label in ["kind", "host", "severity"] { old[label] = nil }
            old["alertname"] = "AppOld"
            let (oldReading, stale) = try await reading("the old sample is in", client, old) {
                selectors($0).contains { $0.series == 1 }
            }
            let newest = try #require(selectors(stale).first?.newestSample)
            #expect(abs(newest.timeIntervalSince1970 * 1000 - Double(seen)) < 2)
            #expect(!isFresh(oldReading, try #require(selectors(stale).first)))

            // A series without the name must not stand in for the one that is gone.
            let slow = ["alertname": "AppSlow", "name": "vanished", "cluster": "home"]
            let (_, aggregated) = try await reading("the aggregate is read", client, slow) { _ in true }
            #expect(aggregated.longestRange == .seconds(10))
            #expect(selectors(aggregated).map(\.series) == [0])
            #expect(aggregated.unexplainedLabels == ["name"])

            var noProof = labels(exporter)
            noProof["alertname"] = "NoProof"
            let (_, unproven) = try await reading("unless proves nothing", client, noProof) { _ in true }
            #expect(unproven.presence == .underivable(.unless))

            exporter.say(#"app_up{kind="web",name="gone"} 1"#)
            let (back, present) = try await reading("it is back", client, gone) { $0.expressionRows == 0 }
            #expect(selectors(present).count == 1)
            #expect(selectors(present).allSatisfy { $0.series == 1 && isFresh(back, $0) })
            guard case .inverted = present.presence else {
                Issue.record("absent() is not read as inverted")
                return
            }
        }
    }
}
