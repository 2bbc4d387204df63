// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import FoundationEssentials
import JarvisCore
import JarvisRuntime
import JarvisTestSupport
import Synchronization
import Testing

/// Whole lives of incidents through jobs, queue and store while the store fails, workers die and the host goes away.
@Suite struct RandomFaultTests {
    @Test func `through every fault a step is run at most once, under its intent, and every incident ends`()
        async throws
    {
        var outcomes: [String: Int] = [:]
        for seed in SimulationSeeds.range(400) {
            let life = try await FaultyLife(seed)
            try await life.live()
            outcomes[try await life.check(), default: 0] += 1
        }
        // Worlds that all end alike would prove little; a single seed that is looked at again is enough.
        if SimulationSeeds.range(400).count >= 400 {
            for ending in ["fixed", "escalated", "unknown step"] {
                #expect(outcomes[ending, default: 0] > 10, "\(outcomes)")
            }
        }
    }
}

/// One incident in a world of its own, from one seed.
private final class FaultyLife {
    private let seed: UInt64
    private var random: Seeded
    private let pipeline: Pipeline<World>
    private let breaksDuringChange: Bool
    private var outageSteps = 0

    init(_ seed: UInt64) async throws {
        self.seed = seed
        var random = Seeded(seed)
        let breaks = Double.random(in: 0...1, using: &random) < 0.25
        breaksDuringChange = breaks
        pipeline = try Pipeline(
            World.State(
                isRunning: false, canBeSeen: Double.random(in: 0...1, using: &random) > 0.1,
                staysUpAfterStart: Double.random(in: 0...1, using: &random) > 0.2,
                metricsAnswer: Double.random(in: 0...1, using: &random) > 0.3),
            autonomy: .auto,
            // As when the process dies while the command runs: nobody can note how it ended.
            duringChange: { if breaks { $0.failWrites(with: .unavailable(reason: "away during the change")) } })
        self.random = random
    }

    func live() async throws {
        try await pipeline.deliver()
        for _ in 0..<600 {
            if await pipeline.incident?.phase.isClosed == true, outageSteps == 0 { return }
            happen()
            guard let wait = await pipeline.store.queue.untilNextDue(JobSelection()) else { break }
            if wait > .zero { pipeline.advance(to: pipeline.now + wait / .seconds(1) + 0.000_001) }
            for job in await pipeline.store.queue.claim(limit: 1, lease: .seconds(60), JobSelection()) {
                await work(job)
            }
        }
        // What is left after all faults are over must come to an end without them.
        pipeline.store.failWrites(with: nil)
        pipeline.world.change { $0.canBeSeen = true }
        try await pipeline.work(for: 200_000)
    }

    /// Some worlds stay calm.
    private func happen() {
        if outageSteps > 0 {
            outageSteps -= 1
            if outageSteps == 0 { pipeline.store.failWrites(with: nil) }
        }
        switch Int.random(in: 0..<40, using: &random) {
        case 0:
            outageSteps = Int.random(in: 1...6, using: &random)
            pipeline.store.failWrites(with: .unavailable(reason: "the disk is full"))
        case 1: pipeline.world.change { $0.canBeSeen.toggle() }
        case 2: pipeline.world.change { $0.metricsAnswer.toggle() }
        case 3: pipeline.world.change { $0.isRunning.toggle() }
        case 4: pipeline.advance(to: pipeline.now + Double.random(in: 0...400, using: &random))
        default: break
        }
    }

    private func work(_ job: ClaimedJob) async {
        // Its worker dies before, or after it has done everything but say so.
        let death = Int.random(in: 0..<30, using: &random)
        guard death != 0 else { return }
        do {
            try await pipeline.dispatcher.run(job, under: JobLease { true })
            guard death != 1 else { return }
            _ = await pipeline.store.queue.complete(job)
        } catch {
            _ = await pipeline.store.queue.retry(job, after: .seconds(1), reason: "\(error)")
        }
        // The outage of a change is over when the next process starts.
        if breaksDuringChange, outageSteps == 0 { pipeline.store.failWrites(with: nil) }
    }

    /// What must hold whatever happened; how it ended.
    func check() async throws -> String {
        let attempts = pipeline.store.attempts
        let begun = attempts.filter { if case .notStarted? = $0.receipt?.ending { false } else { true } }
        #expect(pipeline.world.changes.count <= begun.count, "seed \(seed): a command without its intent")
        #expect(begun.count <= 1, "seed \(seed): the one step of the plan was begun \(begun.count) times")
        #expect(attempts.allSatisfy { $0.receipt != nil }, "seed \(seed): an intent without its receipt")
        let closing = try #require(await pipeline.closing, "seed \(seed): the incident did not end")
        if closing.outcome == .fixed {
            #expect(closing.verdict == .verified, "seed \(seed): fixed without a proof")
            #expect(pipeline.world.changes.count == 1, "seed \(seed): fixed without a change")
        }
        let entries = await pipeline.store.auditEntries(after: 0, limit: 10_000)
        #expect(AuditChain.fault(in: entries) == nil, "seed \(seed): the audit chain is broken")
        #expect(await pipeline.store.queue.deadJobs(limit: 1).isEmpty, "seed \(seed): a job was given up")
        if case .unknown? = begun.first?.receipt?.ending { return "unknown step" }
        return closing.outcome.rawValue
    }
}
