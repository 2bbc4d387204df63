// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import DurableQueue
import FoundationEssentials
import JarvisCore
import JarvisEngine
import JarvisRuntime
import JarvisTestSupport
import Synchronization
import Testing

/// A tunnel that is down, on a host whose guard takes changes back on its own.
@Suite struct CommitConfirmedTests {
    static let restart = "run 'systemctl' 'restart' 'wg-quick@wg0.service'"
    static let stop = "'systemctl' 'stop' 'wg-quick@wg0.service'"

    private func pipeline(
        _ state: TunnelWorld.State = TunnelWorld.State(), isGuarded: Bool = true, autonomy: Autonomy = .auto,
        steps: [PlanElement] = [.action(.unitRestart)],
        during: @escaping @Sendable (_ what: String, MemoryStore) async -> Void = { _, _ in }
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
        let store = MemoryStore(queue: MemoryJobQueue(clock: clock.queue))
        let world = TunnelWorld(state, now: { clock.now }, during: { await during($0, store) })
        let pipeline = Pipeline(world, rules, on: store, clock)
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
        let audit = try await AuditChain.records(of: pipeline.store)
        #expect(audit.map(\.event) == [.intent, .receipt, .confirmation])
        #expect(audit.map(\.revert) == [Self.stop, nil, Self.stop])
        #expect(audit.map(\.command) == [String(Self.restart.dropFirst(4)), String(Self.restart.dropFirst(4)), nil])
        #expect(audit.map(\.ending) == [nil, "exited", "exited"])
        // The host has nothing left to do.
        pipeline.advance(to: pipeline.now.addingTimeInterval(4_000))
        #expect(pipeline.world.isUp)
    }

    @Test func `asks a person without a guard, and in a plan of several steps`() async throws {
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

    @Test func `asks a person when the command changes another link than the one that is seen`() async throws {
        for text in ["wg-quick up wg1", "systemctl restart wg-quick@wg1.service"] {
            let pipeline = try await pipeline(steps: [.command(text)])
            try await pipeline.work { $0.phase.name == "awaitingApproval" || $0.phase.isClosed }
            #expect(await pipeline.incident?.plan?.commandClass != .bounded)
            #expect(pipeline.world.asked.isEmpty)
        }
        let same = try await pipeline(steps: [.command("wg-quick up wg0")])
        try await same.work()
        #expect(same.world.asked == ["arm 'wg-quick' 'down' 'wg0'", "run 'wg-quick' 'up' 'wg0'", "confirm"])
    }

    @Test func `is not touched when the host can't hold the way back`() async throws {
        let pipeline = try await pipeline(TunnelWorld.State(mayArm: false))
        try await pipeline.work()
        #expect(pipeline.world.asked.isEmpty)
        #expect(await pipeline.closing?.outcome == .escalated)
        #expect(await pipeline.closing?.reason.contains("does not hold the way back") == true)
    }

    @Test func `leaves nothing that runs later when the change itself is refused`() async throws {
        let pipeline = try await pipeline(TunnelWorld.State(refusesChange: true))
        try await pipeline.work()
        let asked = pipeline.world.asked
        #expect(!asked.isEmpty && asked.allSatisfy { $0 == "arm " + Self.stop })
        // A person brings it up; nothing that was armed takes it down.
        pipeline.world.change { $0.isUp = true }
        pipeline.advance(to: pipeline.now.addingTimeInterval(4_000))
        #expect(pipeline.world.isUp && pipeline.world.asked == asked)
    }

    @Test func `is made again when the answer to arming was lost, and not undone by the first revert`() async throws {
        let pipeline = try await pipeline(TunnelWorld.State(losesArmAnswers: true))
        try await pipeline.work { _ in pipeline.world.asked.count == 1 }
        pipeline.world.change { $0.losesArmAnswers = false }
        try await pipeline.work()
        #expect(await pipeline.closing?.outcome == .fixed)
        pipeline.advance(to: pipeline.now.addingTimeInterval(4_000))
        #expect(pipeline.world.isUp)
        #expect(pipeline.world.asked == ["arm " + Self.stop, "arm " + Self.stop, Self.restart, "confirm"])
    }

    @Test func `is never run again after a crash, and taken back unless it is proven`() async throws {
        for mends in [true, false] {
            // The receipt can't be stored: to Jarvis it is as if it had crashed between the command and its receipt.
            let pipeline = try await pipeline(
                TunnelWorld.State(mends: mends),
                during: { what, store in
                    if what == "run" { store.failWrites(with: .unavailable(reason: "the disk is full")) }
                })
            #expect(try await !pipeline.work(for: 30) { _ in false }.isEmpty)
            pipeline.store.failWrites(with: nil)
            try await pipeline.work()
            #expect(pipeline.world.asked.count { $0 == Self.restart } == 1)
            #expect(await pipeline.closing?.outcome == (mends ? .fixed : .escalated))
            pipeline.advance(to: pipeline.now.addingTimeInterval(4_000))
            #expect(pipeline.world.isUp == mends)
        }
    }

    @Test func `is taken back by the host when it did not help`() async throws {
        let pipeline = try await pipeline(TunnelWorld.State(mends: false))
        try await pipeline.work()
        #expect(await pipeline.closing?.outcome == .escalated)
        #expect(await pipeline.closing?.reason.contains("takes the change back") == true)
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
        #expect(await pipeline.closing?.reason.contains("takes the change back by itself") == true)
        #expect(!pipeline.world.asked.contains("confirm"))
    }

    @Test func `stays when the alert fires again while the host is told, and that is said`() async throws {
        let box = Mutex<Pipeline<TunnelWorld>?>(nil)
        let pipeline = try await pipeline(during: { what, _ in
            guard what == "confirm", let pipeline = box.withLock({ $0 }) else { return }
            pipeline.world.change { $0.isUp = false }
            try? await pipeline.deliver(Self.labels, startsAt: pipeline.now)
            try? await pipeline.takeIn()
        })
        box.withLock { $0 = pipeline }
        try await pipeline.work { $0.phase.name == "confirming" }
        try await pipeline.work()
        let closing = try #require(await pipeline.closing)
        #expect(closing.outcome == .escalated && closing.verdict == .notFixed)
        #expect(!closing.reason.contains("by itself"), "\(closing.reason)")
        let id = try #require(await pipeline.incident?.id)
        let entries = await pipeline.store.timeline(of: id, after: 0, limit: 100).map(\.entry.what)
        #expect(entries.contains("change kept"))
        pipeline.advance(to: pipeline.now.addingTimeInterval(4_000))
        #expect(!pipeline.world.asked.contains { $0.hasPrefix("by itself") })
    }

    @Test func `is proven anew when the answer of the host comes late`() async throws {
        let pipeline = try await pipeline(TunnelWorld.State(losesConfirmAnswers: true))
        try await pipeline.work { $0.phase.name == "confirming" }
        // It was told at once, and says so a quarter of an hour later, when the link has long gone down again.
        try await pipeline.work(for: 60) { _ in false }
        #expect(pipeline.world.asked.contains("confirm"))
        pipeline.world.change { state in
            state.losesConfirmAnswers = false
            state.isUp = false
        }
        try await pipeline.work()
        #expect(await pipeline.closing?.outcome == .escalated)
        #expect(await pipeline.closing?.verdict == .notFixed)
        #expect(await pipeline.closing?.reason.contains("by itself") == false)
    }

    @Test func `may be approved, under the same timed revert`() async throws {
        let pipeline = try await pipeline(autonomy: .approve)
        try await pipeline.work { $0.phase.name == "awaitingApproval" }
        let waiting = try #require(await pipeline.incident)
        let approval = try #require(waiting.approval)
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
        let approval = try #require(waiting.approval)
        pipeline.world.change { $0.isUp = true }
        _ = try await pipeline.dispatcher.decisions.decide(
            .approved, on: waiting.id, planHash: approval.planHash, by: "ada")
        try await pipeline.work()
        #expect(pipeline.world.asked.isEmpty)
        #expect(await pipeline.closing?.outcome == .selfResolved)
    }
}

extension Incident {
    fileprivate var approval: Approval? {
        if case .awaitingApproval(let approval) = phase { approval } else { nil }
    }
}
