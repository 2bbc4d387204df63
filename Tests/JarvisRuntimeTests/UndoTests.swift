// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FoundationEssentials
import JarvisCore
import JarvisEngine
import JarvisRuntime
import JarvisTestSupport
import Testing

/// Taking steps back, end to end on a store in memory.
@Suite struct UndoTests {
    private static let start = "'docker' 'start' 'web'"
    private static let stop = "'docker' 'stop' 'web'"

    /// A start that breaks the service which was good before it.
    private static func breaking(upTo maximumClass: CommandClass = .disruptive, autonomy: Autonomy = .auto) throws
        -> Pipeline<World>
    {
        var state = World.State()
        state.serviceFollows = false
        state.startBreaksService = true
        return try Pipeline(
            state, autonomy: autonomy, upTo: maximumClass, probes: [.tcp(host: "192.0.2.1", port: 80)])
    }

    private static func decisions(_ pipeline: Pipeline<World>) -> Decisions { pipeline.dispatcher.decisions }

    @Test func `what a start made worse is stopped again, and proven to be as before`() async throws {
        let pipeline = try Self.breaking()
        try await pipeline.deliver()
        #expect(try await pipeline.work().isEmpty)
        #expect(pipeline.world.changes == [Self.start, Self.stop])
        let closing = try #require(await pipeline.closing)
        #expect(closing.outcome == .undone)
        #expect(closing.verdict == .worsened)
        #expect(closing.reason.contains("running as before, for 10 s"))
        let id = try #require(await pipeline.incident?.id)
        let intents = pipeline.store.attempts
        #expect(intents.count == 2)
        #expect(intents.last?.intent.undoes == intents.first?.intent.id)
        let audit = await pipeline.store.auditEntries(after: 0, limit: 100).map {
            String(decoding: $0.text, as: UTF8.self)
        }
        #expect(audit.contains { $0.contains(#""undoes":"#) })
        #expect(await pipeline.store.snapshots(of: id, limit: 9).count == 1)
    }

    @Test func `an undo beyond what may run by itself is a person's, who is told the command`() async throws {
        let pipeline = try Self.breaking(upTo: .bounded)
        try await pipeline.deliver()
        try await pipeline.work()
        #expect(pipeline.world.changes == [Self.start])
        let incident = try #require(await pipeline.incident)
        #expect(await pipeline.closing?.outcome == .escalated)
        #expect(await pipeline.closing?.reason.contains("jarvis undo \(incident.id)") == true)

        _ = try await Self.decisions(pipeline).undo(incident.id, by: "ada")
        #expect(try await pipeline.work().isEmpty)
        #expect(pipeline.world.changes == [Self.start, Self.stop])
        #expect(await pipeline.closing?.outcome == .undone)
        await #expect(throws: EventRefusal.self) { try await Self.decisions(pipeline).undo(incident.id, by: "ada") }
    }

    @Test func `who approved a plan saw its undo and has approved that, too`() async throws {
        let pipeline = try Self.breaking(upTo: .bounded, autonomy: .approve)
        try await pipeline.deliver()
        try await pipeline.work { $0.phase.name == "awaitingApproval" }
        let incident = try #require(await pipeline.incident)
        #expect(incident.plan?.steps.first?.undo?.canonical == Self.stop)
        guard case .awaitingApproval(let approval) = incident.phase else { return }
        _ = try await Self.decisions(pipeline).decide(
            .approved, on: incident.id, planHash: approval.planHash, by: "ada")
        try await pipeline.work()
        #expect(pipeline.world.changes == [Self.start, Self.stop])
        #expect(await pipeline.closing?.outcome == .undone)
    }

    @Test func `a restart leaves nothing to put back, and that is said instead of done`() async throws {
        var state = World.State()
        state.serviceFollows = false
        state.startBreaksService = true
        let pipeline = try Pipeline(
            state, upTo: .disruptive, probes: [.tcp(host: "192.0.2.1", port: 80)], action: .containerRestart)
        try await pipeline.deliver()
        try await pipeline.work()
        #expect(pipeline.world.changes.count == 1)
        #expect(await pipeline.closing?.verdict == .worsened)
        #expect(await pipeline.closing?.outcome == .escalated)
        #expect(await pipeline.closing?.reason.contains("a restart leaves the same container running") == true)
        let id = try #require(await pipeline.incident?.id)
        await #expect(throws: EventRefusal.self) { try await Self.decisions(pipeline).undo(id, by: "ada") }
        #expect(await pipeline.closing?.outcome == .escalated, "a refusal changes nothing")
    }

    @Test func `an undo that something else works against is not called undone`() async throws {
        let pipeline = try Self.breaking()
        pipeline.world.change { $0.isHealedByOthers = true }
        try await pipeline.deliver()
        try await pipeline.work()
        #expect(pipeline.world.changes == [Self.start, Self.stop], "it does not fight")
        #expect(await pipeline.closing?.outcome == .escalated)
        #expect(await pipeline.closing?.reason.contains("running not as before") == true)
    }

    @Test func `another container of that name is left alone`() async throws {
        let pipeline = try Pipeline()
        try await pipeline.deliver()
        try await pipeline.work()
        #expect(await pipeline.closing?.outcome == .fixed)
        pipeline.world.change { $0.identity = "decaf" }
        let id = try #require(await pipeline.incident?.id)
        _ = try await Self.decisions(pipeline).undo(id, by: "ada")
        try await pipeline.work()
        #expect(pipeline.world.changes == [Self.start])
        #expect(await pipeline.closing?.outcome == .fixed, "a wish that came to nothing takes nothing away")
        let told = await pipeline.store.timeline(of: id, after: 0, limit: 99).map(\.entry)
        #expect(told.contains { $0.what == "not undone" && $0.detail.contains("another container now") })
    }

    @Test func `what is as before already needs no command`() async throws {
        let pipeline = try Pipeline()
        try await pipeline.deliver()
        try await pipeline.work()
        pipeline.world.change { $0.isRunning = false }
        let id = try #require(await pipeline.incident?.id)
        _ = try await Self.decisions(pipeline).undo(id, by: "ada")
        try await pipeline.work()
        #expect(pipeline.world.changes == [Self.start])
        #expect(await pipeline.closing?.outcome == .undone)
    }

    @Test func `an undo whose receipt is lost is never run again, and is judged by what is there`() async throws {
        let pipeline = try Self.breaking()
        let runs = Runs()
        let interrupted = try Pipeline(
            pipeline.world.snapshotOfState, upTo: .disruptive, probes: [.tcp(host: "192.0.2.1", port: 80)],
            duringChange: { store in
                if runs.next() == 2 { store.failWrites(with: .unavailable(reason: "the disk is full")) }
            })
        try await interrupted.deliver()
        #expect(try await !interrupted.work(for: 400) { _ in false }.isEmpty)
        interrupted.store.failWrites(with: nil)
        try await interrupted.work()
        #expect(interrupted.world.changes == [Self.start, Self.stop])
        #expect(await interrupted.closing?.outcome == .undone)
        #expect(
            interrupted.store.attempts.last?.receipt?.ending
                == .unknown(reason: "Jarvis was interrupted while the step was taken back"))
    }

    @Test func `a hold keeps an undo back until it is lifted`() async throws {
        let pipeline = try Self.breaking()
        try await pipeline.deliver()
        try await pipeline.work { $0.phase.name == "undoing" }
        try await pipeline.store.place(
            Hold(mode: .pause, host: nil, by: "ada", reason: "", since: pipeline.now, until: nil))
        try await pipeline.work(for: 120)
        #expect(pipeline.world.changes == [Self.start])
        #expect(await pipeline.incident?.restrainedBy?.contains("paused everywhere") == true)
        _ = try await pipeline.store.lift(.pause, host: nil, by: "ada", at: pipeline.now)
        try await pipeline.work()
        #expect(pipeline.world.changes == [Self.start, Self.stop])
        #expect(await pipeline.closing?.outcome == .undone)
    }

    @Test func `an undo that was held for long is not begun any more`() async throws {
        let pipeline = try Self.breaking()
        try await pipeline.deliver()
        try await pipeline.work { $0.phase.name == "undoing" }
        try await pipeline.store.place(
            Hold(mode: .pause, host: nil, by: "ada", reason: "", since: pipeline.now, until: nil))
        try await pipeline.work()
        #expect(pipeline.world.changes == [Self.start])
        #expect(await pipeline.closing?.outcome == .escalated)
        #expect(await pipeline.closing?.reason.contains("paused everywhere") == true)
    }

    @Test func `a host that can't be asked for a moment does not end an undo`() async throws {
        let pipeline = try Self.breaking()
        try await pipeline.deliver()
        try await pipeline.work { $0.phase.name == "undoing" }
        pipeline.world.change { $0.canBeSeen = false }
        try await pipeline.work(for: 60)
        #expect(await pipeline.incident?.restrainedBy?.contains("can't be seen") == true)
        pipeline.world.change { $0.canBeSeen = true }
        try await pipeline.work()
        #expect(await pipeline.closing?.outcome == .undone)
    }

    @Test func `no step begins whose target could not be captured`() async throws {
        let pipeline = try Pipeline()
        try await pipeline.deliver()
        try await pipeline.work { $0.phase.name == "acting" }
        // The host answers, and what it says of the container can't be understood.
        pipeline.world.change { $0.identity = "\"}" }
        try await pipeline.work(for: 5) { $0.phase.name == "diagnosing" }
        #expect(await pipeline.incident?.phase == .diagnosing)
        #expect(pipeline.world.changes.isEmpty)
        pipeline.world.change { $0.identity = "c0ffee" }
        try await pipeline.work()
        #expect(await pipeline.closing?.outcome == .fixed)
    }

    @Test(arguments: [true, false])
    func `what changed since the plan was made is planned anew`(_ isRecreated: Bool) async throws {
        let pipeline = try Pipeline()
        try await pipeline.deliver()
        try await pipeline.work { $0.phase.name == "acting" }
        pipeline.world.change { state in
            if isRecreated { state.identity = "decaf" } else { state.isRunning = true }
        }
        try await pipeline.work(for: 5) { $0.phase.name == "diagnosing" }
        #expect(await pipeline.incident?.phase == .diagnosing)
        #expect(pipeline.world.changes.isEmpty)
        try await pipeline.work()
        #expect(await pipeline.closing?.outcome == (isRecreated ? .fixed : .selfResolved))
        #expect(pipeline.world.changes.count == (isRecreated ? 1 : 0))
    }

    @Test func `an incident that changed nothing, or that another one followed, can't be undone`() async throws {
        let pipeline = try Pipeline(autonomy: .approve)
        try await pipeline.deliver()
        try await pipeline.work { $0.phase.name == "awaitingApproval" }
        let id = try #require(await pipeline.incident?.id)
        await #expect(throws: EventRefusal.refused("it has changed nothing yet")) {
            try await Self.decisions(pipeline).undo(id, by: "ada")
        }
    }
}
