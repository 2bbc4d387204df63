// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import FoundationEssentials
import JarvisCore
import JarvisRuntime
import JarvisTestSupport
import Testing

/// Silences whose Alertmanager is not the configured one, whose job is gone, or whose clock was set back.
@Suite struct SilenceElsewhereTests {
    private let first = Alerting(at: "http://first:9093")
    private let second = Alerting(at: "http://second:9093")

    private func waiting() async throws -> Pipeline<World> {
        let pipeline = try Pipeline(autonomy: .approve, alerting: first)
        try await pipeline.deliver()
        try await pipeline.work(for: 100) { $0.phase.name == "awaitingApproval" }
        return pipeline
    }

    /// The same store and rules under another configuration.
    private func moved(_ pipeline: Pipeline<World>, to alerting: Alerting?) -> Pipeline<World> {
        Pipeline(pipeline.world, pipeline.rules, on: pipeline.store, pipeline.time, alerting: alerting)
    }

    private func wish(_ wish: SilenceWish, _ pipeline: Pipeline<World>) async throws {
        _ = try await pipeline.dispatcher.decisions.silence(wish, on: try #require(await pipeline.incident).id)
    }

    private func silenced(_ pipeline: Pipeline<World>) async throws {
        try await wish(.silence(seconds: 7_200, by: "ada", reason: ""), pipeline)
        try await pipeline.work(for: 60, until: isStanding)
    }

    private func silence(_ pipeline: Pipeline<World>) async throws -> Silence {
        try #require(await pipeline.incident?.silences.first)
    }

    private func isStanding(_ incident: Incident) -> Bool {
        if case .standing? = incident.silences.first?.state { true } else { false }
    }

    private func isOver(_ incident: Incident) -> Bool {
        if case .over? = incident.silences.first?.state { true } else { false }
    }

    /// Takes the job about silences out of the queue, as a person drops one that was given up.
    private func drop(_ pipeline: Pipeline<World>) async throws {
        let queue = pipeline.store.queue
        for job in await queue.claim(limit: 9, lease: .seconds(60), JobSelection(kinds: ["silence"])) {
            _ = await queue.deadLetter(job, reason: "given up")
        }
        #expect(await queue.untilNextDue(JobSelection(kinds: ["silence"])) == nil)
    }

    private func recover(_ pipeline: Pipeline<World>) async throws {
        let time = pipeline.time
        _ = try await Recovery(store: pipeline.store, now: { time.now }).run()
    }

    @Test func `its end is not sent to another Alertmanager, and is once the first is configured again`() async throws {
        let pipeline = try await waiting()
        try await silenced(pipeline)
        #expect(try await silence(pipeline).service == first.service)
        #expect(pipeline.store.calls.first?.intent.service == first.service)
        let other = moved(pipeline, to: second)
        try await wish(.end(by: "bob"), other)
        #expect(try await other.work(for: 1_800, until: isOver).isEmpty)
        let held = try #require(try await silence(other).heldBy)
        #expect(held.hasPrefix("made at http://first:9093; configured is http://second:9093: set alertmanager.url"))
        #expect(held.contains("by hand"))
        let notes = await pipeline.store.timeline(of: nil, after: 0, limit: 500).map(\.entry)
        #expect(notes.count { $0.what == "silence held back" } == 1)
        // Without any it waits as well.
        let bare = moved(pipeline, to: nil)
        try await bare.work(for: 600, until: isOver)
        #expect(try await silence(bare).heldBy?.contains("no Alertmanager is configured any more") == true)
        #expect((second.requests, second.looks, first.requests) == (0, 0, 1))

        try await pipeline.work(for: 120, until: isOver)
        #expect(first.silences.map(\.isStanding) == [false])
        #expect(second.requests == 0)
    }

    @Test(arguments: [Alerting.Mood.mute, .deaf])
    func `nothing is concluded from what another one says, and the right one is asked when it is back`(
        _ mood: Alerting.Mood
    ) async throws {
        let pipeline = try await waiting()
        first.mood = mood
        try await wish(.silence(seconds: 7_200, by: "ada", reason: ""), pipeline)
        try await pipeline.work(for: 60) { $0.silences[0].doubt != nil }
        for alerting in [second, nil] {
            let other = moved(pipeline, to: alerting)
            #expect(try await other.work(for: 900) { _ in false }.isEmpty)
            let silence = try await silence(other)
            #expect(silence.pending?.service == first.service)
            #expect(silence.heldBy?.hasPrefix("made at http://first:9093; ") == true)
            #expect(pipeline.store.calls.map(\.receipt) == [nil])
        }
        #expect((second.requests, second.looks, first.looks) == (0, 0, 0))
        first.mood = .well
        #expect(try await pipeline.work(for: 300, until: isStanding).isEmpty)
        #expect(try await silence(pipeline).heldBy == nil)
        #expect(first.silences.count == 1)
        #expect(pipeline.store.calls.first?.receipt?.label == (mood == .mute ? "found" : "notDone"))
    }

    @Test func `what may stand elsewhere stays unknown until it has ended by itself`() async throws {
        let pipeline = try await waiting()
        first.mood = .mute
        try await wish(.silence(seconds: 7_200, by: "ada", reason: ""), pipeline)
        try await pipeline.work(for: 60) { $0.silences[0].doubt != nil }
        let other = moved(pipeline, to: second)
        try await other.work(for: 7_000, until: isOver)
        #expect(try await silence(other).pending != nil)
        try await other.work(for: 400, until: isOver)
        #expect(pipeline.store.calls.map(\.receipt?.label) == ["unknown"])
        #expect(second.looks == 0)
    }

    @Test func `what was only wanted is made where the configuration points, once it does`() async throws {
        let pipeline = try await waiting()
        try await wish(.silence(seconds: 7_200, by: "ada", reason: ""), pipeline)
        let bare = moved(pipeline, to: nil)
        try await bare.work(for: 600, until: isOver)
        #expect(try await silence(bare).heldBy?.contains("set alertmanager.url") == true)
        let other = moved(pipeline, to: second)
        try await other.work(for: 120, until: isStanding)
        #expect(second.silences.count == 1)
        #expect(try await silence(other).service == second.service)
    }

    @Test func `records that name no service are those of the configured one`() async throws {
        let pipeline = try await waiting()
        try await silenced(pipeline)
        var incident = try #require(await pipeline.incident)
        incident.version += 1
        incident.silences[0].service = nil
        try await pipeline.store.commit(StoreChange(incident: incident))
        try await wish(.end(by: "bob"), pipeline)
        try await pipeline.work(for: 60, until: isOver)
        #expect(first.silences.map(\.isStanding) == [false])
    }

    @Test func `the end of a silence whose job was dropped is taken up at the start, also of a closed incident`()
        async throws
    {
        let pipeline = try await waiting()
        try await silenced(pipeline)
        let incident = try #require(await pipeline.incident)
        guard case .awaitingApproval(let approval) = incident.phase else {
            Issue.record("\(incident.phase)")
            return
        }
        _ = try await pipeline.dispatcher.decisions.decide(
            .denied, on: incident.id, planHash: approval.planHash, by: "ada")
        try await drop(pipeline)
        try await pipeline.work(for: 1_800) { _ in false }
        #expect(await pipeline.incident?.phase.isClosed == true)
        #expect(first.silences.map(\.isStanding) == [true])

        try await recover(pipeline)
        try await pipeline.work(for: 60, until: isOver)
        #expect(first.silences.map(\.isStanding) == [false])
        try await pipeline.work(for: 60) { _ in false }
        // Nothing is left to be done, so nothing is asked for.
        try await recover(pipeline)
        #expect(await pipeline.store.queue.untilNextDue(JobSelection(kinds: ["silence"])) == nil)
    }

    @Test func `a lost answer whose job was dropped is asked after at the start`() async throws {
        let pipeline = try await waiting()
        first.mood = .mute
        try await wish(.silence(seconds: 7_200, by: "ada", reason: ""), pipeline)
        try await pipeline.work(for: 60) { $0.silences[0].doubt != nil }
        pipeline.advance(to: pipeline.now + 20)
        try await drop(pipeline)
        first.mood = .well
        try await recover(pipeline)
        try await pipeline.work(for: 60, until: isStanding)
        #expect(first.silences.count == 1)
        #expect(first.requests == 1)
    }

    @Test func `where the clock was set back, an end is tried again at the start`() async throws {
        let pipeline = try await waiting()
        try await silenced(pipeline)
        first.mood = .away
        // The clock is an hour ahead while it fails.
        let ahead = try #require(await pipeline.incident)
        pipeline.advance(to: pipeline.now + 60)
        try await wish(.end(by: "bob"), pipeline)
        try await pipeline.work(for: 2) { _ in false }
        pipeline.advance(to: pipeline.now + 10)
        var incident = try #require(await pipeline.incident)
        #expect(incident.version > ahead.version)
        incident.version += 1
        incident.silences[0].due = pipeline.now + 3_600
        try await pipeline.store.commit(StoreChange(incident: incident))
        try await drop(pipeline)
        first.mood = .well
        try await recover(pipeline)
        try await pipeline.work(for: 60, until: isOver)
        #expect(first.silences.map(\.isStanding) == [false])
    }

    @Test func `where the clock was set back, a look waits for the whole time of the request, and no longer`()
        async throws
    {
        let pipeline = try await waiting()
        first.mood = .mute
        first.afterRequest { pipeline.store.failWrites(with: .unavailable(reason: "gone")) }
        try await wish(.silence(seconds: 7_200, by: "ada", reason: ""), pipeline)
        let job = try #require(
            await pipeline.store.queue.claim(limit: 1, lease: .seconds(1), JobSelection(kinds: ["silence"])).first)
        _ = try? await pipeline.dispatcher.run(job, under: JobLease { true })
        pipeline.store.failWrites(with: nil)
        first.afterRequest {}
        first.mood = .well
        _ = await pipeline.store.queue.deadLetter(job, reason: "its process died")
        var incident = try #require(await pipeline.incident)
        incident.version += 1
        incident.silences[0].due = pipeline.now + 3_600
        try await pipeline.store.commit(StoreChange(incident: incident))
        try await recover(pipeline)
        let begin = pipeline.now
        try await pipeline.work(for: 5) { _ in false }
        #expect(first.looks == 0)
        let due = try #require(try await silence(pipeline).due)
        #expect((9...11).contains(due.timeIntervalSince(begin)))
        try await pipeline.work(for: 30, until: isStanding)
        #expect(first.looks == 1)
        #expect(first.requests == 1)
    }
}
