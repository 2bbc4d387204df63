// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import FoundationEssentials
import JarvisCore
import JarvisEngine
import JarvisRuntime
import JarvisTestSupport
import Synchronization
import Testing

@Suite struct PipelineTests {
    @Test func `a stopped container is started once and proven by two kinds of signal`() async throws {
        let pipeline = try Pipeline()
        try await pipeline.deliver()
        #expect(try await pipeline.work().isEmpty)
        let closing = try #require(await pipeline.closing)
        #expect(closing.outcome == .fixed)
        #expect(closing.verdict == .verified)
        #expect(pipeline.world.changes == ["'docker' 'start' 'web'"])
    }

    @Test func `the intent is durable before the command runs`() async throws {
        let seen = Mutex<[Bool]>([])
        let pipeline = try Pipeline(duringChange: { store in
            seen.withLock { $0 += store.attempts.map { $0.receipt == nil } }
        })
        try await pipeline.deliver()
        try await pipeline.work()
        #expect(seen.withLock { $0 } == [true])
    }

    @Test func `a receipt that can't be stored is unknown and the command is never run again`() async throws {
        let pipeline = try Pipeline(duringChange: { $0.failWrites(with: .unavailable(reason: "the disk is full")) })
        try await pipeline.deliver()
        let first = try await pipeline.work(for: 30) { _ in false }
        #expect(!first.isEmpty)
        pipeline.store.failWrites(with: nil)
        try await pipeline.work()
        #expect(pipeline.world.changes.count == 1)
        let attempt = try #require(await pipeline.incident?.attempts.first)
        #expect(attempt.receipt?.ending == .unknown(reason: "Jarvis was interrupted while the step ran"))
        #expect(await pipeline.closing?.outcome == .fixed)
    }

    @Test func `a command is not run while its intent can't be stored`() async throws {
        let pipeline = try Pipeline()
        try await pipeline.deliver()
        try await pipeline.work { incident in
            if case .acting = incident.phase { true } else { false }
        }
        pipeline.store.failWrites(with: .unavailable(reason: "the disk is full"))
        #expect(try await !pipeline.work(for: 30).isEmpty)
        #expect(pipeline.world.changes.isEmpty)
        pipeline.store.failWrites(with: nil)
        try await pipeline.work()
        #expect(pipeline.world.changes.count == 1)
    }

    @Test func `an alert that resolves by itself is never acted on`() async throws {
        let pipeline = try Pipeline(autonomy: .approve)
        try await pipeline.deliver()
        try await pipeline.work { $0.phase.name == "awaitingApproval" }
        pipeline.world.change { state in
            state.isRunning = true
            state.starts += 1
        }
        try await pipeline.deliver(.resolved)
        try await pipeline.work()
        #expect(await pipeline.closing?.outcome == .selfResolved)
        #expect(pipeline.world.changes.isEmpty)
    }

    @Test func `an alert that comes back withdraws the verdict, and the second time a person is asked`() async throws {
        let pipeline = try Pipeline()
        var startsAt = Date(timeIntervalSince1970: 1_700_000_000)
        try await pipeline.deliver(startsAt: startsAt)
        for relapse in 1...2 {
            try await pipeline.work()
            #expect(await pipeline.closing?.outcome == .fixed)
            try await pipeline.deliver(.resolved, startsAt: startsAt)
            try await pipeline.takeIn()
            #expect(await pipeline.closing?.outcome == .fixed, "what resolves is no relapse")
            pipeline.world.change { $0.isRunning = false }
            pipeline.advance(to: pipeline.now + 1_200)
            startsAt = pipeline.now
            // Twice, as from two Alertmanagers: it is withdrawn once.
            try await pipeline.deliver(startsAt: startsAt)
            try await pipeline.deliver(startsAt: startsAt)
            try await pipeline.takeIn()
            let incident = try #require(await pipeline.incident)
            #expect(incident.phase == .diagnosing)
            #expect(incident.doubted?.number == relapse)
        }
        try await pipeline.work { $0.phase.name == "awaitingApproval" }
        #expect(await pipeline.incident?.withdrawals.map(\.number) == [1, 2])
        #expect(await pipeline.incident?.phase.name == "awaitingApproval", "it is in quarantine")
        #expect(pipeline.world.changes.count == 2)
        #expect(await pipeline.store.incidents(openOnly: false, limit: 9).count == 1)
    }

    @Test func `an alert that never ended for its sender is looked at again, and alone withdraws nothing`() async throws
    {
        let pipeline = try Pipeline()
        try await pipeline.deliver()
        try await pipeline.work()
        pipeline.advance(to: pipeline.now + 600)
        try await pipeline.deliver()
        try await pipeline.takeIn()
        #expect(await pipeline.closing?.outcome == .fixed, "its end may not have been told yet")
        pipeline.advance(to: pipeline.now + 600)
        try await pipeline.deliver()
        try await pipeline.takeIn()
        #expect(await pipeline.incident?.phase == .diagnosing)
        try await pipeline.work()
        #expect(await pipeline.closing?.outcome == .selfResolved)
        #expect(await pipeline.incident?.withdrawals.isEmpty == true)
        try await pipeline.deliver()
        try await pipeline.takeIn()
        #expect(await pipeline.closing?.outcome == .selfResolved, "it is not looked at for ever")
        #expect(pipeline.world.changes.count == 1)
    }

    @Test func `an alert that comes back later, or after another end, opens a new incident`() async throws {
        let pipeline = try Pipeline()
        try await pipeline.deliver()
        try await pipeline.work()
        let first = try #require(await pipeline.incident)
        pipeline.world.change { $0.isRunning = false }
        pipeline.advance(to: pipeline.now + Incident.relapseWindow + 60)
        try await pipeline.deliver(startsAt: pipeline.now)
        try await pipeline.takeIn()
        #expect(await pipeline.incident?.id != first.id)
        #expect(await pipeline.store.incident(first.id)?.phase == first.phase)
    }

    @Test func `with the metrics dead, target and service together still prove it`() async throws {
        let pipeline = try Pipeline(
            World.State(metricsAnswer: false), probes: [.tcp(host: "192.0.2.1", port: 80)])
        try await pipeline.deliver()
        try await pipeline.work()
        #expect(await pipeline.closing?.outcome == .fixed)
    }

    @Test func `with the metrics dead, the target alone proves nothing`() async throws {
        let pipeline = try Pipeline(World.State(metricsAnswer: false))
        try await pipeline.deliver()
        try await pipeline.work()
        let closing = try #require(await pipeline.closing)
        #expect(closing.outcome == .escalated)
        #expect(closing.verdict == .unknown)
        #expect(closing.reason.contains("only target"))
    }

    @Test func `a container that dies again is not fixed, whatever the exit status`() async throws {
        let pipeline = try Pipeline(World.State(staysUpAfterStart: false))
        try await pipeline.deliver()
        try await pipeline.work()
        #expect(await pipeline.closing?.outcome == .escalated)
        #expect(await pipeline.closing?.verdict == .notFixed)
        #expect(pipeline.world.changes.count == 1)
    }

    @Test func `a host that can't be seen is escalated without a command`() async throws {
        let pipeline = try Pipeline(World.State(canBeSeen: false))
        try await pipeline.deliver()
        try await pipeline.work()
        #expect(await pipeline.closing?.outcome == .escalated)
        #expect(pipeline.world.changes.isEmpty)
    }

    @Test func `a target that is not listed is not touched`() async throws {
        let pipeline = try Pipeline()
        try await pipeline.deliver(name: "web; docker stop jarvis")
        try await pipeline.work()
        let closing = try #require(await pipeline.closing)
        #expect(closing.outcome == .escalated)
        #expect(closing.reason.contains("not listed in the inventory"))
        #expect(pipeline.world.changes.isEmpty)
    }

    @Test func `the same alert delivered a hundred times is one incident and one command`() async throws {
        let pipeline = try Pipeline()
        for _ in 0..<100 { try await pipeline.deliver() }
        try await pipeline.work()
        try await pipeline.deliver()
        try await pipeline.work { _ in false }
        #expect(await pipeline.store.incidents(openOnly: false, limit: 10).count == 1)
        #expect(pipeline.world.changes.count == 1)
    }

    @Test func `an approved plan runs, once, and only with its own hash`() async throws {
        let pipeline = try Pipeline(autonomy: .approve)
        try await pipeline.deliver()
        try await pipeline.work { $0.phase.name == "awaitingApproval" }
        let waiting = try #require(await pipeline.incident)
        guard case .awaitingApproval(let approval) = waiting.phase else { return }
        let decisions = pipeline.dispatcher.decisions
        await #expect(throws: (any Error).self) {
            try await decisions.decide(.approved, on: waiting.id, planHash: "another", by: "ada")
        }
        _ = try await decisions.decide(.approved, on: waiting.id, planHash: approval.planHash, by: "ada")
        await #expect(throws: (any Error).self) {
            try await decisions.decide(.approved, on: waiting.id, planHash: approval.planHash, by: "ada")
        }
        try await pipeline.work()
        #expect(pipeline.world.changes.count == 1)
        #expect(await pipeline.closing?.outcome == .fixed)
    }

    @Test func `nobody deciding is an escalation`() async throws {
        let pipeline = try Pipeline(autonomy: .approve)
        try await pipeline.deliver()
        try await pipeline.work(for: 200_000)
        #expect(await pipeline.closing?.outcome == .escalated)
        #expect(pipeline.world.changes.isEmpty)
    }

    @Test func `a person is told once in four hours about one alert`() async throws {
        let never = Breakers(pattern: 99, target: 99, all: 99, window: 21_600)
        let pipeline = try Pipeline(World.State(staysUpAfterStart: false), breakers: never)
        var outcomes: [Outcome] = []
        for hours in [0.0, 1, 3, 5] {
            let begin = Date(timeIntervalSince1970: 1_700_000_000 + hours * 3_600)
            pipeline.advance(to: begin)
            try await pipeline.deliver(startsAt: begin)
            try await pipeline.work { $0.phase.isClosed && $0.members.first?.alert.startsAt == begin }
            outcomes.append(try #require(await pipeline.closing).outcome)
            try await pipeline.deliver(.resolved, startsAt: begin)
            try await pipeline.work(for: 60) { _ in false }
        }
        #expect(outcomes == [.escalated, .suppressed, .suppressed, .escalated])
    }

    @Test func `an incident whose job was given up is carried on after a restart`() async throws {
        let pipeline = try Pipeline()
        try await pipeline.deliver()
        try await pipeline.work { $0.phase.name == "verifying" }
        let wait = try #require(await pipeline.store.queue.untilNextDue(JobSelection()))
        pipeline.advance(to: pipeline.now + wait / .seconds(1) + 0.001)
        for job in await pipeline.store.queue.claim(limit: 9, lease: .seconds(1), JobSelection()) {
            _ = await pipeline.store.queue.deadLetter(job, reason: "given up")
        }
        try await pipeline.work()
        #expect(await pipeline.closing == nil)
        #expect(try await Recovery(store: pipeline.store, now: { pipeline.now }).run() == 1)
        try await pipeline.work()
        #expect(await pipeline.closing?.outcome == .fixed)
        #expect(pipeline.world.changes.count == 1)
        #expect(try await Recovery(store: pipeline.store, now: { pipeline.now }).run() == 0)
    }

    @Test func `a second job about an incident leaves the step that runs to its own worker`() async throws {
        let pipeline = try Pipeline(duringChange: { $0.failWrites(with: .unavailable(reason: "the disk is full")) })
        try await pipeline.deliver()
        try await pipeline.work { $0.phase.name == "acting" }
        func claim() async throws -> ClaimedJob {
            try #require(await pipeline.store.queue.claim(limit: 1, lease: .seconds(60), JobSelection()).first)
        }
        let first = try await claim()
        await #expect(throws: StoreError.self) { try await pipeline.dispatcher.run(first, under: JobLease { true }) }
        pipeline.store.failWrites(with: nil)
        let incident = try #require(await pipeline.incident)
        #expect(incident.attempts.count == 1)
        var change = StoreChange()
        change.jobs = [JobRequest(.act(incident.id), dueAt: pipeline.now)]
        try await pipeline.store.commit(change)
        let second = try await claim()
        try await pipeline.dispatcher.run(second, under: JobLease { true })
        #expect(await pipeline.store.queue.complete(second))
        #expect(await pipeline.incident == incident)
        // The first worker is gone after all.
        pipeline.advance(to: pipeline.now + 61)
        try await pipeline.work()
        #expect(
            await pipeline.incident?.attempts.first?.receipt?.ending
                == .unknown(reason: "Jarvis was interrupted while the step ran"))
        #expect(pipeline.world.changes.count == 1)
    }

    @Test func `a restart does not look before the host has surely ended a step of unknown ending`() async throws {
        let pipeline = try Pipeline(duringChange: { $0.failWrites(with: .unavailable(reason: "the disk is full")) })
        try await pipeline.deliver()
        #expect(try await !pipeline.work(for: 30) { _ in false }.isEmpty)
        pipeline.store.failWrites(with: nil)
        try await pipeline.work { $0.phase.name == "verifying" }
        guard case .verifying(let verification)? = await pipeline.incident?.phase else {
            Issue.record("nothing is being watched")
            return
        }
        #expect(verification.since > pipeline.now)
        #expect(try await Recovery(store: pipeline.store, now: { pipeline.now }).run() == 1)
        let wait = try #require(await pipeline.store.queue.untilNextDue(JobSelection()))
        #expect(pipeline.now.addingTimeInterval(wait / .seconds(1) + 0.001) >= verification.since)
        // Nor for an hour where the clock was set back by one.
        let hourAgo = pipeline.now.addingTimeInterval(-3_600)
        #expect(try await Recovery(store: pipeline.store, now: { hourAgo }).run() == 1)
        #expect(try #require(await pipeline.store.queue.untilNextDue(JobSelection())) <= .zero)
        pipeline.advance(to: verification.since)
        try await pipeline.work()
        #expect(await pipeline.closing?.outcome == .fixed)
        #expect(pipeline.world.changes.count == 1)
    }
}
