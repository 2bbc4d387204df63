// SPDX-License-Identifier: Apache-2.0

import Foundation
import JarvisClients
import JarvisCore
import JarvisEngine
import JarvisTestSupport
import Testing

/// Ways in which metrics look good and the thing is not, against a real Prometheus; on its host it looks well in all.
@Suite(
    .timeLimit(.minutes(3)),
    .enabled(if: MonitoredThing.isInstalled, "prometheus is not installed: run scripts/bootstrap.sh test"))
struct GamingTests {
    struct Game: Sendable, CustomTestStringConvertible {
        let name: String
        var alert = "AppDown"
        /// What is done instead of a repair.
        let play: @Sendable (MonitoredThing, Program) async throws -> Void
        var testDescription: String { name }
    }

    static let down = #"app_up{name="a"} 0"#
    static let slow = [#"app_seconds{name="a",replica="1"} 1"#, #"app_seconds{name="a",replica="2"} 30"#]

    static let games: [Game] = [
        Game(name: "exporter stopped") { thing, _ in thing.exporter.end(SIGKILL) },
        Game(name: "exporter's port answers with 500") { thing, _ in try thing.say("500") },
        Game(name: "target removed from the scrape configuration") { thing, _ in
            try thing.configure(job: nil)
            try await thing.reload()
        },
        Game(name: "series relabelled") { thing, _ in
            try thing.configure(
                job: "    metric_relabel_configs: [{source_labels: [name], target_label: name, replacement: other}]")
            try await thing.reload()
        },
        Game(name: "rule deleted") { thing, _ in
            try thing.configure(rules: "groups: []")
            try await thing.reload()
        },
        Game(name: "rule renamed") { thing, _ in
            try thing.configure(rules: MonitoredThing.rules.replacing("AppDown", with: "AppDownOff"))
            try await thing.reload()
        },
        Game(name: "threshold edited", alert: "AppSlow") { thing, _ in
            try thing.configure(rules: MonitoredThing.rules.replacing("> 5", with: "> 500"))
            try await thing.reload()
        },
        Game(name: "the bad one of two replicas vanishes", alert: "AppSlow") { thing, _ in try thing.say(slow[0]) },
        Game(name: "Prometheus killed") { _, prometheus in prometheus.end(SIGKILL) },
        Game(name: "Prometheus hangs") { _, prometheus in prometheus.end(SIGSTOP) },
        Game(name: "Prometheus restarts, the exporter gone meanwhile") { thing, prometheus in
            thing.exporter.end(SIGKILL)
            prometheus.end(SIGKILL)
            _ = try thing.startPrometheus()
        },
        Game(name: "nothing but silence") { _, _ in },
    ]

    /// Watches as after a repair, with a short window; whether it came to `verified`, and what was seen last.
    private func watch(
        _ thing: MonitoredThing, _ labels: [String: String], _ baseline: Signal, since: Date, for seconds: Double
    ) async throws -> (isVerified: Bool, last: Signal?) {
        var verification = Verification(
            purpose: .repair, since: since, deadline: since.addingTimeInterval(120), stabilityWindow: 3)
        while Date().timeIntervalSince(since) < seconds {
            let (signal, timing) = await thing.look(labels, since: since)
            let host = Signal(
                kind: .target, source: "host", reading: .good, detail: "it runs", observedAt: Date(), instance: "new")
            verification.record(
                Observation(signals: [signal, host], timing: timing), baseline: [baseline], now: Date())
            if case .conclude(.verified, _) = verification.judge(baseline: [baseline], now: Date()) {
                return (true, verification.latest[.metrics])
            }
            try await Task.sleep(for: .milliseconds(300))
        }
        return (false, verification.latest[.metrics])
    }

    /// Lends a thing that is broken, by the alert and by the product's look at it.
    private func withBroken(
        _ alert: String,
        _ body: (MonitoredThing, Program, _ labels: [String: String], _ baseline: Signal) async throws -> Void
    ) async throws {
        let transport = HTTPTransport()
        let thing = try MonitoredThing(transport)
        if alert == "AppDown" { try thing.say(Self.down) } else { try thing.say(Self.slow[0], Self.slow[1]) }
        defer { thing.end() }
        let prometheus = try thing.startPrometheus()
        var labels = ["alertname": alert, "name": "a"]
        if alert == "AppDown" { labels.merge(["job": "app", "instance": thing.instance]) { $1 } }
        var baseline: Signal?
        try await eventually("\(alert) fires", within: .seconds(60)) {
            let look = await thing.look(labels, since: nil)
            baseline = look.signal.reading == .bad && look.timing.lastBeginning != nil ? look.signal : nil
            return baseline != nil
        }
        try await body(thing, prometheus, labels, try #require(baseline))
        await transport.shutdown()
    }

    @Test(arguments: games)
    func `what only looks repaired is never verified`(_ game: Game) async throws {
        try await withBroken(game.alert) { thing, prometheus, labels, baseline in
            let since = Date()
            try await game.play(thing, prometheus)
            let (isVerified, last) = try await watch(thing, labels, baseline, since: since, for: 9)
            #expect(!isVerified, "\(last?.detail.display() ?? "nothing seen")")
            #expect(last.map { $0.reading != .good } ?? true, "\(last?.detail.display() ?? "")")
        }
    }

    @Test(arguments: ["AppDown", "AppSlow"])
    func `what is repaired is verified`(_ alert: String) async throws {
        try await withBroken(alert) { thing, _, labels, baseline in
            try thing.say(#"app_up{name="a"} 1"#, Self.slow[0], #"app_seconds{name="a",replica="2"} 1"#)
            let (isVerified, last) = try await watch(thing, labels, baseline, since: Date(), for: 40)
            #expect(isVerified, "\(last?.detail.display() ?? "nothing seen")")
        }
    }

    @Test func `how often an alert began, and when last, is read from Prometheus' own record`() async throws {
        try await withBroken("AppDown") { thing, _, labels, _ in
            let first = await thing.look(labels, since: nil).timing
            #expect(first.recurrence == nil)
            for number in 0..<8 {
                try await Task.sleep(for: .seconds(3))
                try thing.say(#"app_up{name="a"} \#(number % 2 == 0 ? 1 : 0)"#)
            }
            var last: ObservationTiming?
            try await eventually("the period is known") {
                last = await thing.look(labels, since: nil).timing
                return last?.recurrence != nil
            }
            let period = try #require(last?.recurrence)
            #expect(period > 4 && period < 9, "\(period) s; the exporter's was 6 s")
            #expect(try #require(last?.lastBeginning) > (first.lastBeginning ?? .infinity))
        }
    }
}
