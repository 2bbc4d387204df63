// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FoundationEssentials
import JarvisCore
import JarvisEngine
import JarvisRuntime
import JarvisTestSupport
import Testing

/// A tunnel that is down, on a host whose guard takes changes back on its own.
@Suite struct CommitConfirmedTests {
    static let restart = "run 'systemctl' 'restart' 'wg-quick@wg0.service'"
    static let stop = "'systemctl' 'stop' 'wg-quick@wg0.service'"

    private func pipeline(
        _ state: TunnelWorld.State = TunnelWorld.State(), isGuarded: Bool = true, autonomy: Autonomy = .auto,
        steps: [PlanElement] = [.action(.unitRestart)]
    ) async throws -> Pipeline<TunnelWorld> {
        guard let name = HostName("nexus") else { throw SetupFault() }
        let clock = TestClock()
        let host = Host(
            name: name, connection: .ssh(SSHEndpoint(address: "192.0.2.1", user: "jarvis")),
            targets: [DeclaredTarget(kind: .unit, name: "wg-quick@wg0.service")], isGuarded: isGuarded)
        let pattern = Pattern(
            id: "vpn-down", title: "A tunnel is down", matcher: .init(alertnames: ["VPNDown"]),
            target: .init(kind: .unit, nameFrom: ["name"], hostFrom: ["remediation_host"]), response: .plan(steps),
            confidence: 0.95)
        let rules = EngineRules(
            inventory: Inventory([host]), patterns: [pattern], policy: try ShippedPolicy.get(),
            autonomy: AutonomyPolicy(rules: [.init(level: autonomy)]), digest: { "digest of \($0)" })
        let pipeline = Pipeline(TunnelWorld(state, now: { clock.now }), rules, on: MemoryStore(), clock)
        try await pipeline.deliver(Self.labels)
        return pipeline
    }

    static let labels = LabelSet([
        "alertname": "VPNDown", "name": "wg-quick@wg0.service", "remediation_host": "nexus",
    ])

    @Test func `is brought up on its own, and the host is told once it is proven`() async throws {
        let pipeline = try await pipeline()
        #expect(try await pipeline.work().isEmpty)
        #expect(pipeline.world.asked == ["arm " + Self.stop, Self.restart, "confirm"])
        #expect(await pipeline.closing?.outcome == .fixed)
        #expect(await pipeline.incident?.plan?.commandClass == .bounded)
        // The host has nothing left to do.
        pipeline.advance(to: pipeline.now.addingTimeInterval(4_000))
        #expect(pipeline.world.isUp)
    }

    @Test func `asks a person without a guard, when it is up, and in a plan of several steps`() async throws {
        for pipeline in [
            try await pipeline(isGuarded: false),
            try await pipeline(steps: [.action(.unitStart), .action(.unitRestart)]),
        ] {
            try await pipeline.work { $0.phase.name == "awaitingApproval" }
            #expect(await pipeline.incident?.phase.name == "awaitingApproval")
            #expect(await pipeline.incident?.plan?.commandClass == .highRisk)
            #expect(await pipeline.incident?.plan?.steps.contains { $0.revert != nil } == false)
            #expect(pipeline.world.asked.isEmpty)
        }
    }

    @Test func `is not touched when the host can't hold the way back`() async throws {
        let pipeline = try await pipeline(TunnelWorld.State(mayArm: false))
        try await pipeline.work()
        #expect(pipeline.world.asked.isEmpty)
        #expect(await pipeline.closing?.outcome == .escalated)
        #expect(await pipeline.closing?.reason.contains("does not hold the way back") == true)
    }

    @Test func `leaves nothing armed when the change itself is refused`() async throws {
        let pipeline = try await pipeline(TunnelWorld.State(refusesChange: true))
        try await pipeline.work()
        let asked = pipeline.world.asked
        #expect(!asked.isEmpty && asked.count.isMultiple(of: 2))
        #expect(
            stride(from: 0, to: asked.count, by: 2).allSatisfy {
                asked[$0] == "arm " + Self.stop && asked[$0 + 1] == "confirm"
            })
        pipeline.advance(to: pipeline.now.addingTimeInterval(4_000))
        #expect(pipeline.world.asked == asked)
    }

    @Test func `is taken back by the host when it did not help`() async throws {
        let pipeline = try await pipeline(TunnelWorld.State(mends: false))
        try await pipeline.work()
        #expect(await pipeline.closing?.outcome == .escalated)
        #expect(await pipeline.closing?.reason.contains("takes it back") == true)
        pipeline.advance(to: pipeline.now.addingTimeInterval(4_000))
        #expect(pipeline.world.asked == ["arm " + Self.stop, Self.restart, "by itself " + Self.stop])
    }

    @Test func `is taken back by the host when Jarvis is cut off by it`() async throws {
        let pipeline = try await pipeline(TunnelWorld.State(cutsOff: true))
        try await pipeline.work()
        let closing = try #require(await pipeline.closing)
        #expect(closing.outcome == .escalated && closing.verdict == .unknown)
        #expect(pipeline.world.asked == ["arm " + Self.stop, Self.restart, "by itself " + Self.stop, "confirm"])
        #expect(!pipeline.world.isUp)
    }

    @Test func `is told again until a new connection can be made`() async throws {
        let pipeline = try await pipeline()
        try await pipeline.work { $0.phase.name == "confirming" }
        pipeline.world.change { $0.isReachable = false }
        try await pipeline.work(for: 20) { _ in false }
        #expect(await pipeline.incident?.phase.name == "confirming")
        pipeline.world.change { $0.isReachable = true }
        try await pipeline.work()
        #expect(await pipeline.closing?.outcome == .fixed)
    }

    @Test func `is proven anew when the alert fires again before the host was told`() async throws {
        let pipeline = try await pipeline()
        try await pipeline.work { $0.phase.name == "confirming" }
        pipeline.world.change { state in
            state.isReachable = false
            state.isUp = false
        }
        try await pipeline.deliver(Self.labels, startsAt: pipeline.now)
        try await pipeline.work { $0.phase.name == "verifying" }
        pipeline.world.change { $0.isReachable = true }
        try await pipeline.work()
        #expect(await pipeline.closing?.outcome == .escalated)
        #expect(!pipeline.world.asked.contains("confirm"))
    }

    @Test func `may be approved under a timed revert of another kind`() async throws {
        let pipeline = try await pipeline(autonomy: .approve)
        try await pipeline.work { $0.phase.name == "awaitingApproval" }
        let waiting = try #require(await pipeline.incident)
        guard case .awaitingApproval(let approval) = waiting.phase else { return }
        #expect(waiting.plan?.steps.first?.revert == Self.stop)
        _ = try await pipeline.dispatcher.decisions.decide(
            .approved, on: waiting.id, planHash: approval.planHash, by: "ada")
        try await pipeline.work()
        #expect(await pipeline.closing?.outcome == .fixed)
        #expect(pipeline.world.asked == ["arm " + Self.stop, Self.restart, "confirm"])
    }

    @Test func `is not run when the link came up while somebody was asked`() async throws {
        let pipeline = try await pipeline(autonomy: .approve)
        try await pipeline.work { $0.phase.name == "awaitingApproval" }
        let waiting = try #require(await pipeline.incident)
        guard case .awaitingApproval(let approval) = waiting.phase else { return }
        pipeline.world.change { $0.isUp = true }
        _ = try await pipeline.dispatcher.decisions.decide(
            .approved, on: waiting.id, planHash: approval.planHash, by: "ada")
        try await pipeline.work()
        #expect(pipeline.world.asked.isEmpty)
        #expect(await pipeline.closing?.outcome == .selfResolved)
    }
}
