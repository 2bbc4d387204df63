// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import FoundationEssentials
import JarvisCore
import JarvisRuntime
import JarvisTestSupport
import Testing

/// Silences while Alertmanager loses requests and answers, the store fails, workers die and persons change their minds.
@Suite struct RandomSilenceTests {
    @Test func `through every fault a silence is asked for once under an intent, and none outlives its incident`()
        async throws
    {
        var made = 0
        for seed in SimulationSeeds.range(200) {
            let life = try await FaultySilence(seed)
            try await life.live()
            made += try await life.check()
        }
        if SimulationSeeds.range(200).count >= 200 { #expect(made > 100) }
    }
}

/// One silenced incident in a world of its own, from one seed.
private final class FaultySilence {
    private let seed: UInt64
    private var random: Seeded
    private let alerting = Alerting()
    private let pipeline: Pipeline<World>
    private var outageSteps = 0

    init(_ seed: UInt64) async throws {
        self.seed = seed
        random = Seeded(seed)
        pipeline = try Pipeline(autonomy: .approve, alerting: alerting)
        try await pipeline.deliver()
        try await pipeline.work(for: 100) { $0.phase.name == "awaitingApproval" }
    }

    func live() async throws {
        await wish(.silence(seconds: 7_200, by: "ada", reason: ""))
        for _ in 0..<60 {
            await happen()
            guard let wait = await pipeline.store.queue.untilNextDue(JobSelection(kinds: ["silence"])) else { continue }
            if wait > .zero { pipeline.advance(to: pipeline.now + wait / .seconds(1) + 0.000_001) }
            for job in await pipeline.store.queue.claim(
                limit: 1, lease: .seconds(60), JobSelection(kinds: ["silence"]))
            {
                await work(job)
            }
        }
        pipeline.store.failWrites(with: nil)
        alerting.afterRequest {}
        alerting.mood = .well
        if let incident = await pipeline.incident, case .awaitingApproval(let approval) = incident.phase {
            _ = try await pipeline.dispatcher.decisions.decide(
                .denied, on: incident.id, planHash: approval.planHash, by: "ada")
        }
        try await pipeline.work(for: 200_000) { _ in false }
    }

    private func wish(_ wish: SilenceWish) async {
        guard let id = await pipeline.incident?.id else { return }
        // Refused where there is nothing to change, or while the store is away.
        _ = try? await pipeline.dispatcher.decisions.silence(wish, on: id)
    }

    private func happen() async {
        if outageSteps > 0 {
            outageSteps -= 1
            if outageSteps == 0 { pipeline.store.failWrites(with: nil) }
        }
        switch Int.random(in: 0..<20, using: &random) {
        case 0:
            outageSteps = Int.random(in: 1...4, using: &random)
            pipeline.store.failWrites(with: .unavailable(reason: "the disk is full"))
        case 1: alerting.mood = .mute
        case 2: alerting.mood = .deaf
        case 3: alerting.mood = .away
        case 4...6: alerting.mood = .well
        case 7: await wish(.end(by: "bob"))
        case 8, 9: await wish(.silence(seconds: 3_600, by: "ada", reason: ""))
        case 10:
            // As when the process dies with the answer in its hands.
            let store = pipeline.store
            alerting.afterRequest { store.failWrites(with: .unavailable(reason: "gone")) }
            outageSteps = 2
        case 11: alerting.afterRequest {}
        default: break
        }
    }

    private func work(_ job: ClaimedJob) async {
        let death = Int.random(in: 0..<12, using: &random)
        guard death != 0 else { return }
        do {
            try await pipeline.dispatcher.run(job, under: JobLease { death != 1 })
            guard death != 2 else { return }
            _ = await pipeline.store.queue.complete(job)
        } catch {
            if (error as? StoreError)?.isRetryable ?? true {
                _ = await pipeline.store.queue.retry(job, after: .seconds(1), reason: "\(error)")
            }
        }
    }

    /// What must hold whatever happened; how many silences were made.
    func check() async throws -> Int {
        let comments = alerting.comments
        #expect(Set(comments).count == comments.count, "seed \(seed): a request was sent twice under one intent")
        for (intent, receipt) in pipeline.store.calls {
            let ending = try #require(receipt?.ending, "seed \(seed): an intent without its receipt")
            guard intent.change == .createSilence else { continue }
            let made = alerting.silences.count {
                $0.comment.hasPrefix(JudgedSilenceChange.mark(of: intent.id) + " ")
            }
            switch ending {
            case .done: #expect(made == 1, "seed \(seed): \(made) silences for a receipt that says done")
            case .refused, .notDone: #expect(made == 0, "seed \(seed): a silence that is said not to be there")
            case .unknown: #expect(made <= 1, "seed \(seed)")
            }
        }
        let silences = try #require(await pipeline.incident).silences
        var lasting = 0
        for silence in silences {
            guard case .over(let reason) = silence.state else {
                Issue.record("seed \(seed): a silence is left as \(silence.state)")
                continue
            }
            // What could not be ended, which the incident says.
            if reason.contains("ends by itself") || reason.contains("not known") || reason.hasPrefix("it ran out") {
                lasting += 1
            }
        }
        let standing = alerting.silences.count(where: \.isStanding)
        #expect(standing <= lasting, "seed \(seed): \(standing) stand, \(lasting) are said to")
        #expect(await pipeline.store.queue.deadJobs(limit: 1).isEmpty, "seed \(seed): a job was given up")
        let entries = await pipeline.store.auditEntries(after: 0, limit: 10_000)
        #expect(AuditChain.fault(in: entries) == nil, "seed \(seed): the audit chain is broken")
        return alerting.silences.count
    }
}
