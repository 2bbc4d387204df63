// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import FoundationEssentials
import JarvisCore
import JarvisEngine
import JarvisRuntime
import JarvisTestSupport
import Synchronization
import Testing

/// An Alertmanager in memory that loses answers, refuses, or is away, as a test wants it.
final class Alerting: AlertingControl {
    /// What becomes of the next change.
    enum Mood: Sendable {
        case well, away, refusing
        /// It does what is asked, and its answer is lost.
        case mute
        /// It loses what is asked.
        case deaf
    }

    struct Silence: Sendable {
        let id: SilenceID
        let labels: LabelSet
        let comment: String
        var isStanding = true
    }

    fileprivate struct State {
        var mood = Mood.well
        var silences: [Silence] = []
        var requests = 0
        /// The comments of all silences that were asked for, made or not.
        var comments: [String] = []
        var looks = 0
    }

    private let state = Mutex(State())
    private let happens = Mutex<@Sendable () -> Void>({})

    /// Does something behind every request, before its answer is there.
    func afterRequest(_ body: @escaping @Sendable () -> Void) { happens.withLock { $0 = body } }

    let deadlineSeconds = 5
    let service: APIService

    init(at url: String = "http://alertmanager:9093") { service = APIService(url: url) }

    var mood: Mood {
        get { state.withLock { $0.mood } }
        set { state.withLock { $0.mood = newValue } }
    }
    var silences: [Silence] { state.withLock { $0.silences } }
    var comments: [String] { state.withLock { $0.comments } }
    var requests: Int { state.withLock { $0.requests } }
    var looks: Int { state.withLock { $0.looks } }

    func apply(_ change: JudgedSilenceChange) async throws(AlertingError) -> SilenceID {
        let answer: Result<SilenceID, AlertingError> = state.withLock { state in
            state.requests += 1
            if case .create(_, _, _, _, let comment) = change.operation { state.comments.append(comment) }
            switch state.mood {
            case .away: return .failure(.notSent(reason: "no connection"))
            case .refusing: return .failure(.refused(UntrustedText("HTTP 400 no")))
            case .deaf: return .failure(.unknown(reason: "timed out"))
            case .well, .mute:
                guard let id = state.make(change) else { return .failure(.unknown(reason: "odd")) }
                if case .mute = state.mood { return .failure(.unknown(reason: "timed out")) }
                return .success(id)
            }
        }
        happens.withLock { $0 }()
        return try answer.get()
    }

    func silence(of intent: IntentID, labels: LabelSet) async throws(AlertingError) -> SilenceID? {
        try look { state in
            state.silences.first {
                $0.labels == labels && $0.comment.hasPrefix(JudgedSilenceChange.mark(of: intent) + " ")
            }?.id
        }
    }

    func isStanding(_ silence: SilenceID) async throws(AlertingError) -> Bool {
        try look { state in state.silences.contains { $0.id == silence && $0.isStanding } }
    }

    private func look<Value: Sendable>(_ body: (State) -> Value) throws(AlertingError) -> Value {
        let answer: Result<Value, AlertingError> = state.withLock { state in
            state.looks += 1
            if case .away = state.mood { return .failure(.notSent(reason: "no connection")) }
            return .success(body(state))
        }
        return try answer.get()
    }
}

extension Alerting.State {
    fileprivate mutating func make(_ change: JudgedSilenceChange) -> SilenceID? {
        switch change.operation {
        case .create(let labels, _, _, _, let comment):
            guard let id = SilenceID("a\(silences.count)") else { return nil }
            silences.append(Alerting.Silence(id: id, labels: labels, comment: comment))
            return id
        case .end(let id):
            guard let place = silences.firstIndex(where: { $0.id == id }) else { return nil }
            silences[place].isStanding = false
            return id
        }
    }
}

/// Silences through jobs, queue and store.
@Suite struct SilenceTests {
    private let alerting = Alerting()

    /// An incident that waits for a person, so that it stays open.
    private func waiting(_ alerting: Alerting?) async throws -> Pipeline<World> {
        let pipeline = try Pipeline(autonomy: .approve, alerting: alerting)
        try await pipeline.deliver()
        try await pipeline.work(for: 100) { $0.phase.name == "awaitingApproval" }
        return pipeline
    }

    private func want(_ pipeline: Pipeline<World>, seconds: Double = 3_600) async throws {
        let incident = try #require(await pipeline.incident)
        _ = try await pipeline.dispatcher.decisions.silence(
            .silence(seconds: seconds, by: "ada", reason: "because"), on: incident.id)
    }

    private func state(_ pipeline: Pipeline<World>) async -> Silence.State? {
        await pipeline.incident?.silences.first?.state
    }

    private func isOver(_ incident: Incident) -> Bool {
        if case .over? = incident.silences.first?.state { true } else { false }
    }

    private func isStanding(_ incident: Incident) -> Bool {
        if case .standing? = incident.silences.first?.state { true } else { false }
    }

    /// Claims the job that waits and runs it, as a worker that dies afterwards; what it threw, if anything.
    private func die(in pipeline: Pipeline<World>, holding: Bool = true) async throws -> (any Error)? {
        let jobs = await pipeline.store.queue.claim(limit: 1, lease: .seconds(60), JobSelection(kinds: ["silence"]))
        let job = try #require(jobs.first)
        do {
            try await pipeline.dispatcher.run(job, under: JobLease { holding })
            return nil
        } catch {
            return error
        }
    }

    @Test func `what a person wants is made once, under an intent, and ended with the incident`() async throws {
        let pipeline = try await waiting(alerting)
        try await want(pipeline)
        #expect(try await pipeline.work(for: 60, until: isStanding).isEmpty)
        #expect(alerting.silences.map(\.labels) == [try #require(await pipeline.incident).members[0].alert.labels])
        let made = try #require(pipeline.store.calls.first)
        #expect(made.receipt == APIReceipt(.done(object: "a0")))
        #expect(made.intent.digest.contains("silence.create"))
        #expect(made.intent.fencingToken > 0)

        let incident = try #require(await pipeline.incident)
        guard case .awaitingApproval(let approval) = incident.phase else {
            Issue.record("\(incident.phase)")
            return
        }
        _ = try await pipeline.dispatcher.decisions.decide(
            .denied, on: incident.id, planHash: approval.planHash, by: "ada")
        #expect(try await pipeline.work(for: 60, until: isOver).isEmpty)
        #expect(alerting.silences.map(\.isStanding) == [false])
        #expect(alerting.requests == 2)
        let entries = await pipeline.store.auditEntries(after: 0, limit: 100)
        #expect(AuditChain.fault(in: entries) == nil)
        let events = try entries.map { try JSONDecoder().decode(AuditRecord.self, from: Data($0.text)).event }
        #expect(events == [.silence, .intent, .receipt, .decision, .intent, .receipt])
        #expect(await pipeline.closing?.outcome == .handedOver)
    }

    @Test func `a person ends it`() async throws {
        let pipeline = try await waiting(alerting)
        try await want(pipeline)
        try await pipeline.work(for: 60, until: isStanding)
        _ = try await pipeline.dispatcher.decisions.silence(
            .end(by: "bob"), on: try #require(await pipeline.incident).id)
        try await pipeline.work(for: 60, until: isOver)
        #expect(alerting.silences.map(\.isStanding) == [false])
        // It may be wanted again.
        try await want(pipeline)
        try await pipeline.work(for: 60) { $0.silences.last.map { $0.pending == nil && $0.due == nil } ?? false }
        #expect(alerting.silences.map(\.isStanding) == [false, true])
    }

    @Test func `without an Alertmanager the wish is refused`() async throws {
        let pipeline = try await waiting(nil)
        await #expect(throws: EventRefusal.self) { try await want(pipeline) }
        #expect(await pipeline.incident?.silences.isEmpty == true)
    }

    @Test(arguments: [Alerting.Mood.well, .mute, .deaf])
    func `a worker that dies before the receipt leads to one silence, and no request is repeated under an intent`(
        _ mood: Alerting.Mood
    ) async throws {
        let pipeline = try await waiting(alerting)
        try await want(pipeline)
        alerting.mood = mood
        // The store is away right after the request, as for a process that dies with it on its way.
        alerting.afterRequest { pipeline.store.failWrites(with: .unavailable(reason: "gone")) }
        #expect(try await die(in: pipeline) != nil)
        alerting.afterRequest {}
        pipeline.store.failWrites(with: nil)
        #expect(pipeline.store.calls.map { $0.receipt == nil } == [true])
        alerting.mood = .well
        #expect(try await pipeline.work(for: 600, until: isStanding).isEmpty)
        #expect(alerting.silences.count == 1)
        let receipts = pipeline.store.calls.compactMap(\.receipt)
        if mood == .deaf {
            #expect(receipts.first?.label == "notDone")
            #expect(receipts.last == APIReceipt(.done(object: "a0")))
            #expect(pipeline.store.calls.map(\.intent.attempt) == [1, 2])
        } else {
            #expect(receipts == [APIReceipt(.done(object: "a0"), isProbe: true)])
        }
        #expect(alerting.looks == 1)
    }

    @Test func `a claim that is lost between intent and request sends nothing`() async throws {
        let pipeline = try await waiting(alerting)
        try await want(pipeline)
        #expect(try await die(in: pipeline, holding: false) as? StoreError == .claimLost)
        #expect(alerting.requests == 0)
        #expect(try await pipeline.work(for: 600, until: isStanding).isEmpty)
        #expect(pipeline.store.calls.map(\.receipt?.label) == ["notDone", "done"])
        #expect(alerting.silences.count == 1)
    }

    @Test func `an intent that took long to become durable is not acted on`() async throws {
        let pipeline = try await waiting(alerting)
        try await want(pipeline)
        let jobs = await pipeline.store.queue.claim(limit: 1, lease: .seconds(60), JobSelection(kinds: ["silence"]))
        // The claim is asked for right before the request would be sent.
        let slow = JobLease {
            pipeline.advance(to: pipeline.now + 5)
            return true
        }
        try await pipeline.dispatcher.run(try #require(jobs.first), under: slow)
        #expect(alerting.requests == 0)
        #expect(pipeline.store.calls.map(\.receipt?.label) == ["notDone"])
        #expect(try await pipeline.work(for: 600, until: isStanding).isEmpty)
        #expect(alerting.silences.count == 1)
    }

    @Test func `a lost answer to an end is asked after`() async throws {
        for (mood, requests) in [(Alerting.Mood.mute, 2), (.deaf, 3)] {
            let alerting = Alerting()
            let pipeline = try await waiting(alerting)
            try await want(pipeline)
            try await pipeline.work(for: 60, until: isStanding)
            alerting.mood = mood
            _ = try await pipeline.dispatcher.decisions.silence(
                .end(by: "bob"), on: try #require(await pipeline.incident).id)
            try await pipeline.work(for: 60) { $0.silences[0].doubt != nil }
            alerting.mood = .well
            #expect(try await pipeline.work(for: 600, until: isOver).isEmpty)
            #expect(alerting.silences.map(\.isStanding) == [false])
            #expect(alerting.requests == requests)
        }
    }

    @Test func `while Alertmanager is away it stays unknown and is asked, until it makes no difference`() async throws {
        let pipeline = try await waiting(alerting)
        try await want(pipeline, seconds: 7_200)
        alerting.mood = .mute
        try await pipeline.work(for: 60) { $0.silences[0].doubt != nil }
        alerting.mood = .away
        try await pipeline.work(for: 3_600, until: isOver)
        #expect(await pipeline.incident?.silences.first?.doubt == "no connection")
        // Once in five minutes in the end, and one line in the timeline.
        #expect((12...25).contains(alerting.looks))
        let entries = await pipeline.store.timeline(of: nil, after: 0, limit: 500)
        #expect(entries.count { $0.entry.what == "silence unknown" } == 1)
        try await pipeline.work(for: 7_200, until: isOver)
        #expect(pipeline.store.calls.map(\.receipt?.label) == ["unknown"])
        #expect(await pipeline.store.queue.deadJobs(limit: 1).isEmpty)
        #expect(alerting.requests == 1)
    }

    @Test func `a refusal is final, and no connection is tried a few times`() async throws {
        let pipeline = try await waiting(alerting)
        alerting.mood = .refusing
        try await want(pipeline)
        try await pipeline.work(for: 600, until: isOver)
        #expect(alerting.requests == 1)
        #expect(await state(pipeline) == .over(reason: "Alertmanager refused it: HTTP 400 no"))
        alerting.mood = .away
        try await want(pipeline)
        try await pipeline.work(for: 3_600) { if case .over? = $0.silences.last?.state { true } else { false } }
        #expect(alerting.requests == 1 + IncidentMachine.maximumSilenceAttempts)
        #expect(pipeline.store.calls.allSatisfy { $0.receipt != nil })
    }

    @Test(arguments: [Alerting.Mood.away, .refusing])
    func `a silence is ended as soon as Alertmanager lets it, however long that takes`(_ mood: Alerting.Mood)
        async throws
    {
        let pipeline = try await waiting(alerting)
        try await want(pipeline, seconds: 7_200)
        try await pipeline.work(for: 300, until: isStanding)
        alerting.mood = mood
        let incident = try #require(await pipeline.incident)
        _ = try await pipeline.dispatcher.decisions.silence(.end(by: "bob"), on: incident.id)
        try await pipeline.work(for: 1_800) { _ in false }
        #expect(alerting.silences.map(\.isStanding) == [true])
        alerting.mood = .well
        try await pipeline.work(for: 600, until: isOver)
        #expect(alerting.silences.map(\.isStanding) == [false])
        #expect(await state(pipeline) == .over(reason: "ended"))
    }

    @Test func `without an Alertmanager what stands waits for one, and nothing new is made`() async throws {
        let pipeline = try await waiting(alerting)
        try await want(pipeline, seconds: 7_200)
        try await pipeline.work(for: 300, until: isStanding)
        let bare = Pipeline(pipeline.world, pipeline.rules, on: pipeline.store, pipeline.time, alerting: nil)
        let incident = try #require(await pipeline.incident)
        _ = try await bare.dispatcher.decisions.silence(.end(by: "bob"), on: incident.id)
        try await bare.work(for: 600) { _ in false }
        let held = try #require(await bare.incident?.silences.first?.heldBy)
        #expect(held.hasPrefix("made at http://alertmanager:9093; no Alertmanager is configured any more: set"))
        #expect(alerting.silences.map(\.isStanding) == [true])
        try await pipeline.work(for: 600, until: isOver)
        #expect(alerting.silences.map(\.isStanding) == [false])
    }

    @Test func `nobody looks for what its own worker still waits for`() async throws {
        let pipeline = try await waiting(alerting)
        try await want(pipeline)
        let store = pipeline.store
        let first = try #require(
            await store.queue.claim(limit: 1, lease: .seconds(600), JobSelection(kinds: ["silence"])).first)
        // Its answer comes, and can't be kept; its claim stands.
        alerting.afterRequest { store.failWrites(with: .unavailable(reason: "the disk is full")) }
        await #expect(throws: StoreError.self) { try await pipeline.dispatcher.run(first, under: JobLease { true }) }
        store.failWrites(with: nil)
        pipeline.advance(to: pipeline.now + 100)
        let second = try #require(
            await store.queue.claim(limit: 1, lease: .seconds(60), JobSelection(kinds: ["silence"])).first)
        try await pipeline.dispatcher.run(second, under: JobLease { true })
        _ = await store.queue.complete(second)
        #expect(alerting.looks == 0)
        #expect(alerting.requests == 1)
        // Its worker is gone after all.
        pipeline.advance(to: pipeline.now + 600)
        try await pipeline.work(for: 300, until: isStanding)
        #expect(alerting.looks == 1)
        #expect(alerting.silences.count == 1)
    }

    @Test func `a pause everywhere keeps it back, one of a host does not`() async throws {
        let pipeline = try await waiting(alerting)
        let hold = Hold(mode: .pause, host: nil, by: "bob", reason: "", since: pipeline.now)
        try await pipeline.store.place(hold)
        try await want(pipeline)
        try await pipeline.work(for: 300, until: isStanding)
        #expect(alerting.requests == 0)
        #expect(await pipeline.incident?.silences.first?.heldBy == hold.description)
        _ = try await pipeline.store.lift(.pause, host: nil, by: "bob", at: pipeline.now)
        try await pipeline.store.place(
            Hold(mode: .pause, host: HostName("nexus"), by: "bob", reason: "", since: pipeline.now))
        try await pipeline.work(for: 300, until: isStanding)
        #expect(alerting.silences.count == 1)
    }
}
