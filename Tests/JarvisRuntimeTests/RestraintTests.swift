// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisEngine
import JarvisRuntime
import JarvisTestSupport
import Testing

@Suite struct RestraintTests {
    private func hold(_ mode: Hold.Mode, _ pipeline: Pipeline<World>, until: Date? = nil) -> Hold {
        Hold(mode: mode, host: nil, by: "operator", reason: "maintenance", since: pipeline.now, until: until)
    }

    @Test func `a pause keeps every step from beginning, and is said once`() async throws {
        let pipeline = try Pipeline()
        try await pipeline.store.place(hold(.pause, pipeline))
        try await pipeline.deliver()
        #expect(try await pipeline.work(for: 600).isEmpty)
        #expect(pipeline.world.changes.isEmpty)
        let incident = try #require(await pipeline.incident)
        #expect(incident.phase == .acting(step: 0, intent: nil))
        let entries = await pipeline.store.timeline(of: incident.id, after: 0, limit: 500)
        #expect(entries.count { $0.entry.what == "held back" } == 1)
        // Forty looks in ten minutes: a pause of days must not fill the timeline.
        #expect(entries.count < 10)
        #expect(entries.contains { $0.entry.detail.contains("paused everywhere by operator: maintenance") })

        #expect(try await pipeline.store.lift(.pause, host: nil, by: "ada", at: pipeline.now))
        try await pipeline.work()
        #expect(await pipeline.closing?.outcome == .fixed)
        #expect(pipeline.world.changes.count == 1)
    }

    @Test func `what was to run by itself does not begin once its autonomy was lowered`() async throws {
        let pipeline = try Pipeline()
        try await pipeline.store.place(hold(.pause, pipeline))
        try await pipeline.deliver()
        try await pipeline.work(for: 100)
        #expect(await pipeline.incident?.phase == .acting(step: 0, intent: nil))
        try await pipeline.store.setAutonomy(
            AutonomyPolicy.Rule(level: .approve), by: "ada", at: pipeline.now)
        #expect(try await pipeline.store.lift(.pause, host: nil, by: "ada", at: pipeline.now))
        try await pipeline.work()
        #expect(pipeline.world.changes.isEmpty)
        #expect(await pipeline.closing?.outcome == .escalated)
        #expect(await pipeline.closing?.reason.contains("its autonomy is 'approve'") == true)
    }

    @Test func `a pause ends by itself`() async throws {
        let pipeline = try Pipeline()
        try await pipeline.store.place(hold(.pause, pipeline, until: pipeline.now + 120))
        try await pipeline.deliver()
        try await pipeline.work(for: 100)
        #expect(pipeline.world.changes.isEmpty)
        try await pipeline.work()
        #expect(await pipeline.closing?.outcome == .fixed)
    }

    @Test func `an approval does not outlast a pause`() async throws {
        let pipeline = try Pipeline(autonomy: .approve)
        try await pipeline.deliver()
        try await pipeline.work { $0.phase.name == "awaitingApproval" }
        try await pipeline.store.place(hold(.pause, pipeline))
        let waiting = try #require(await pipeline.incident)
        guard case .awaitingApproval(let approval) = waiting.phase else { return }
        _ = try await pipeline.dispatcher.decisions.decide(
            .approved, on: waiting.id, planHash: approval.planHash, by: "ada")
        try await pipeline.work(for: 600)
        #expect(await pipeline.incident?.phase.name == "acting")
        pipeline.advance(to: approval.expiresAt)
        _ = try await pipeline.store.lift(.pause, host: nil, by: "ada", at: pipeline.now)
        try await pipeline.work()
        #expect(await pipeline.closing?.outcome == .escalated)
        #expect(await pipeline.closing?.reason.contains("approval ran out") == true)
        #expect(pipeline.world.changes.isEmpty)
    }

    @Test func `what recovers during a pause is not touched after it`() async throws {
        let pipeline = try Pipeline()
        try await pipeline.store.place(hold(.pause, pipeline))
        try await pipeline.deliver()
        try await pipeline.work(for: 60)
        pipeline.world.change { $0.isRunning = true }
        _ = try await pipeline.store.lift(.pause, host: nil, by: "ada", at: pipeline.now)
        try await pipeline.work()
        #expect(pipeline.world.changes.isEmpty)
        #expect(await pipeline.closing?.outcome == .selfResolved)
        #expect(await pipeline.incident?.restrainedBy == nil)
    }

    @Test func `a dry run says what would have been done and hands over`() async throws {
        let pipeline = try Pipeline()
        try await pipeline.store.place(hold(.dryRun, pipeline))
        try await pipeline.deliver()
        try await pipeline.work()
        let closing = try #require(await pipeline.closing)
        #expect(closing.outcome == .escalated)
        #expect(closing.reason.contains("dry run everywhere"))
        #expect(closing.reason.contains("container.start web on nexus"))
        #expect(pipeline.world.changes.isEmpty)
    }

    @Test func `a target whose repairs do not help is in quarantine: a person is asked first`() async throws {
        let pipeline = try Pipeline()
        pipeline.world.change { $0.staysUpAfterStart = false }
        let first = Date(timeIntervalSince1970: 1_700_000_000)
        for occurrence in 0..<Breakers.standard.target {
            try await pipeline.deliver(startsAt: first + Double(occurrence))
            try await pipeline.work { $0.phase.isClosed && $0.openedAt > first + 99 + Double(occurrence) }
            #expect(await pipeline.incident?.phase.isClosed == true)
            pipeline.advance(to: pipeline.now + 60)
        }
        let before = pipeline.world.changes.count
        #expect(before == Breakers.standard.target)
        try await pipeline.deliver(startsAt: first + 100)
        try await pipeline.work(for: 300) { $0.phase.name == "awaitingApproval" }
        let incident = try #require(await pipeline.incident)
        #expect(incident.phase.name == "awaitingApproval")
        let entries = await pipeline.store.timeline(of: incident.id, after: 0, limit: 500)
        #expect(entries.contains { $0.entry.detail.contains("is in quarantine") })
        #expect(pipeline.world.changes.count == before)
    }

    @Test func `what a person decides about autonomy goes before the configuration`() async throws {
        let pipeline = try Pipeline(autonomy: .approve)
        try await pipeline.store.setAutonomy(
            AutonomyPolicy.Rule(level: .auto, pattern: "container-down"), by: "ada", at: pipeline.now)
        try await pipeline.deliver()
        try await pipeline.work()
        #expect(await pipeline.closing?.outcome == .fixed)

        let other = try Pipeline(autonomy: .auto)
        try await other.store.setAutonomy(
            AutonomyPolicy.Rule(level: .observe, host: HostName("nexus")), by: "ada", at: pipeline.now)
        try await other.deliver()
        try await other.work()
        #expect(await other.closing?.outcome == .escalated)
        #expect(other.world.changes.isEmpty)
    }

    @Test func `limits count what began, on target, host and in all`() {
        let target = Target(host: .local, kind: .container, name: "web")
        let limits = BlastRadius(total: 4, perHost: 3, perTarget: 2, atOncePerHost: 1)
        #expect(limits.restraint(on: target, StepCounts()) == nil)
        #expect(limits.restraint(on: target, StepCounts(runningOnHost: 1)) == .hostBusy(.local))
        #expect(
            limits.restraint(on: target, StepCounts(onTarget: 2)) == .tooMany("on container web on local", limit: 2))
        #expect(limits.restraint(on: target, StepCounts(onHost: 3)) == .tooMany("on local", limit: 3))
        #expect(limits.restraint(on: target, StepCounts(total: 4)) == .tooMany("in all", limit: 4))
    }
}
