// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import FoundationEssentials
import Logging
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct `A queue processor` {
    let queue: MemoryJobQueue
    let clock = ManualClock()
    let journal = Journal()
    /// What the store's time is ahead of the processor's.
    let ahead: Ahead

    init() {
        let (clock, ahead) = (clock, Ahead())
        self.ahead = ahead
        queue = MemoryJobQueue(
            clock: QueueClock(now: { clock.date }, uptime: { clock.now.offset + ahead.by.withLock { $0 } }))
    }

    final class Held: Sendable {
        private let list = Mutex<[Bool]>([])
        var answers: [Bool] { list.withLock { $0 } }
        func note(_ answer: Bool) { list.withLock { $0.append(answer) } }
    }

    final class Ahead: Sendable {
        let by = Mutex(Duration.zero)
    }

    /// What handlers saw and did.
    final class Journal: Sendable {
        struct Contents {
            var started: [ClaimedJob] = []
            var startedAt: [Duration] = []
            var ended: [String] = []
            var cancelled: [String] = []
            var running = 0
            var mostRunning = 0
            var released: Set<String> = []
        }
        private let contents = Mutex(Contents())
        var read: Contents { contents.withLock { $0 } }
        func write(_ change: @Sendable (inout Contents) -> Void) { contents.withLock { change(&$0) } }
    }

    struct Refusal: JobError {
        let isRetryable: Bool
        var retryAfter: Duration?
    }

    func enqueue(_ payloads: String..., after seconds: Double = 0) async {
        await queue.enqueue(payloads.map { NewJob(kind: "k", payload: $0, dueAt: clock.date + seconds) })
    }

    func processor(
        _ driver: (any JobQueueDriver)? = nil, _ configuration: JobQueueConfiguration = JobQueueConfiguration(),
        _ handler: @escaping @Sendable (ClaimedJob) async throws -> Void
    ) -> JobQueueProcessor<ManualClock> {
        let (clock, journal) = (clock, journal)
        return JobQueueProcessor(
            driver: driver ?? queue, configuration: configuration, clock: clock, random: { 0 },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { job, _ in
            journal.write {
                $0.started.append(job)
                $0.startedAt.append(clock.now.offset)
                $0.running += 1
                $0.mostRunning = max($0.mostRunning, $0.running)
            }
            defer { journal.write { $0.running -= 1 } }
            try await handler(job)
            journal.write { $0.ended.append(job.payload) }
        }
    }

    /// Waits inside a handler until the test lets it go; tells when it was cancelled.
    func hold(_ job: ClaimedJob) async throws {
        let journal = journal
        while !journal.read.released.contains(job.payload) {
            guard !Task.isCancelled else {
                journal.write { $0.cancelled.append(job.payload) }
                throw CancellationError()
            }
            await Task.yield()
        }
    }

    func run(
        _ processor: JobQueueProcessor<ManualClock>, during body: (Task<Void, Never>) async throws -> Void
    ) async throws {
        let task = Task { await processor.run() }
        do { try await body(task) } catch {
            journal.write { $0.released = Set($0.started.map(\.payload)) }
            task.cancel()
            throw error
        }
        task.cancel()
        await task.value
    }

    /// Begins the shutdown and waits until the processor waits for running jobs.
    func stop(_ task: Task<Void, Never>) async throws {
        try await eventually("the lease keeper sleeps") { clock.sleepers > 0 }
        let before = clock.sleepsBegun
        task.cancel()
        try await eventually("the grace period runs") { clock.sleepsBegun > before }
    }

    @Test func `does what is due, and removes what is done`() async throws {
        await enqueue("a", "b", "c")
        try await run(processor { _ in }) { _ in
            try await eventually("an empty queue") { await queue.counts().isEmpty }
        }
        #expect(journal.read.ended.sorted() == ["a", "b", "c"])
    }

    @Test func `never runs more jobs than it has workers`() async throws {
        for number in 0..<20 { await enqueue("\(number)") }
        try await run(processor(nil, JobQueueConfiguration(workers: 3), hold)) { _ in
            try await eventually("three at work") { journal.read.running == 3 }
            for number in 0..<20 { journal.write { _ = $0.released.insert("\(number)") } }
            try await eventually("an empty queue") { await queue.counts().isEmpty }
        }
        #expect(journal.read.mostRunning == 3)
        #expect(journal.read.ended.count == 20)
    }

    @Test func `starts new work as soon as it is woken`() async throws {
        let processor = processor { _ in }
        try await run(processor) { _ in
            try await eventually("rest") { clock.sleepers == 1 }
            await enqueue("a")
            processor.wake()
            try await eventually("the job's end") { journal.read.ended == ["a"] }
        }
        #expect(clock.now.offset == .zero)
    }

    @Test func `starts work at its time without being woken`() async throws {
        await enqueue("later", after: 5)
        try await run(processor { _ in }) { _ in
            try await eventually("rest") { clock.sleepers == 1 }
            clock.advance(by: .seconds(4.9))
            #expect(journal.read.started.isEmpty)
            clock.advance(by: .seconds(0.1))
            try await eventually("the job's end") { journal.read.ended == ["later"] }
        }
    }

    @Test func `finds work that nobody announced within the poll interval`() async throws {
        try await run(processor(nil, JobQueueConfiguration(pollInterval: .seconds(30))) { _ in }) { _ in
            try await eventually("rest") { clock.sleepers == 1 }
            await enqueue("a")
            clock.advance(by: .seconds(30))
            try await eventually("the job's end") { journal.read.ended == ["a"] }
        }
    }

    @Test func `tries a failing job again after growing pauses, gives it up, and goes on with the others`() async throws
    {
        let strategy = RetryStrategy(maximumAttempts: 4, base: .seconds(2), cap: .seconds(5), jitter: 0)
        await enqueue("bad", "good")
        try await run(
            processor(nil, JobQueueConfiguration(retry: strategy)) { job in
                if job.payload == "bad" { throw NeverHappened(what: "luck") }
            }
        ) { _ in
            try await eventually("the job is given up") {
                if clock.sleepers > 0 { clock.advance(by: .milliseconds(500)) }
                return await queue.deadJobs(limit: 1).first?.attempts == 4
            }
        }
        let runs = zip(journal.read.started, journal.read.startedAt).filter { $0.0.payload == "bad" }
        #expect(runs.map(\.0.attempts) == [1, 2, 3, 4])
        let pauses = zip(runs.dropFirst(), runs).map { $0.0.1 - $0.1.1 }
        #expect(zip(pauses, [2, 4, 5]).allSatisfy { $0 >= .seconds($1) })
        #expect(await queue.deadJobs(limit: 1).first?.reason.contains("luck") == true)
        #expect(journal.read.ended == ["good"])
    }

    @Test func `gives up at once when the error says so`() async throws {
        await enqueue("a")
        try await run(processor { _ in throw Refusal(isRetryable: false) }) { _ in
            try await eventually("the job is given up") { await queue.deadJobs(limit: 1).count == 1 }
        }
        #expect(journal.read.started.count == 1)
    }

    @Test func `waits at least as long as the error asks`() async throws {
        await enqueue("a")
        try await run(processor { _ in throw Refusal(isRetryable: true, retryAfter: .seconds(77)) }) { _ in
            try await eventually("the job went back") { await queue.untilNextDue(JobSelection()) == .seconds(77) }
        }
    }

    @Test func `gives up a job that took the process along every time, without running it`() async throws {
        await enqueue("poison")
        for _ in 1...8 { _ = await queue.claim(limit: 1, lease: .zero, JobSelection()) }
        try await run(processor { _ in }) { _ in
            try await eventually("the job is given up") { await queue.deadJobs(limit: 1).count == 1 }
        }
        #expect(journal.read.started.isEmpty)
    }

    @Test func `keeps the lease while a job runs`() async throws {
        await enqueue("long")
        try await run(processor(nil, JobQueueConfiguration(lease: .seconds(60)), hold)) { _ in
            try await eventually("work") { journal.read.running == 1 }
            for step in 1...10 {
                // The lease keeper, the watch over the lease's end, and the resting processor.
                try await eventually("all sleep") { clock.sleepers == 3 }
                clock.advance(by: .seconds(20))
                try await eventually("the lease is prolonged after \(step) steps") {
                    await queue.untilNextDue(JobSelection()) == .seconds(60)
                }
            }
            journal.write { $0.released = ["long"] }
            try await eventually("an empty queue") { await queue.counts().isEmpty }
        }
        #expect(journal.read.started.count == 1)
        #expect(journal.read.cancelled.isEmpty)
    }

    @Test func `cancels a job whose claim is lost and leaves it to the new owner`() async throws {
        await enqueue("a")
        try await run(processor(nil, JobQueueConfiguration(lease: .seconds(60)), hold)) { _ in
            try await eventually("work") { journal.read.running == 1 && clock.sleepers == 3 }
            ahead.by.withLock { $0 = .seconds(60) }
            let thief = await queue.claim(limit: 1, lease: .seconds(9999), JobSelection())
            clock.advance(by: .seconds(20))
            try await eventually("the handler is cancelled") { journal.read.cancelled == ["a"] }
            try await eventually("the handler ended") { journal.read.running == 0 }
            #expect(await queue.complete(thief[0]))
        }
    }

    @Test func `stops at two thirds of a lease that can't be prolonged, before the store gives the job away`()
        async throws
    {
        let flaky = FlakyQueue(queue)
        await enqueue("a")
        try await run(processor(flaky, JobQueueConfiguration(lease: .seconds(60)), hold)) { _ in
            try await eventually("work") { journal.read.running == 1 && clock.sleepers == 3 }
            flaky.isDown.withLock { $0 = true }
            clock.advance(by: .seconds(39))
            try await eventually("a try to prolong it") { clock.sleepers == 3 }
            #expect(journal.read.cancelled.isEmpty)
            clock.advance(by: .seconds(1))
            try await eventually("the handler is cancelled") { journal.read.cancelled == ["a"] }
            #expect(await queue.untilNextDue(JobSelection()).map { $0 > .zero } ?? true)
        }
    }

    @Test func `tells a handler whether its lease is held, counted from before the claim was asked for`() async throws {
        let clock = clock
        let held = Held()
        await enqueue("a")
        let processor = JobQueueProcessor(
            driver: queue, configuration: JobQueueConfiguration(lease: .seconds(60)), clock: clock, random: { 0 },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { _, lease in
            held.note(lease.isHeld)
            // As after SIGSTOP: the time is gone before anything could notice.
            clock.advance(by: .seconds(40))
            held.note(lease.isHeld)
        }
        try await run(processor) { _ in
            try await eventually("both answers") { held.answers.count == 2 }
        }
        #expect(held.answers == [true, false])
    }

    @Test func `gives no lane more than its places, and others their turn`() async throws {
        await queue.enqueue(
            (0..<6).map { NewJob(kind: "k", payload: "slow \($0)", priority: 0, lane: "nexus", dueAt: clock.date) }
                + [NewJob(kind: "k", payload: "other", priority: 2, lane: "atlas", dueAt: clock.date)])
        let configuration = JobQueueConfiguration(workers: 4, lanePlaces: 2)
        try await run(processor(nil, configuration, hold)) { _ in
            try await eventually("work") { journal.read.running == 3 && clock.sleepers == 7 }
            #expect(Set(journal.read.started.map(\.payload)) == ["slow 0", "slow 1", "other"])
            journal.write { $0.released = Set((0..<6).map { "slow \($0)" } + ["other"]) }
            try await eventually("an empty queue") { await queue.counts().isEmpty }
        }
        #expect(journal.read.ended.count == 7)
    }

    @Test func `starves nothing under a storm of what is more urgent`() async throws {
        let queue = queue
        let clock = clock
        await enqueue("old")
        await queue.enqueue([NewJob(kind: "k", payload: "urgent 0", priority: 0, dueAt: clock.date)])
        let configuration = JobQueueConfiguration(workers: 1, claimsPerTurnOfAge: 4)
        try await run(
            processor(nil, configuration) { job in
                guard job.payload != "old" else { return }
                await queue.enqueue([
                    NewJob(kind: "k", payload: job.payload + "'", priority: 0, dueAt: clock.date)
                ])
            }
        ) { _ in
            try await eventually("the old job's end") { journal.read.ended.contains("old") }
        }
        #expect(journal.read.started.prefix(4).map(\.payload).last == "old")
    }

    @Test func `bears a handler that completes the job itself`() async throws {
        await enqueue("a")
        let queue = queue
        try await run(processor { job in _ = await queue.complete(job) }) { _ in
            try await eventually("the job's end") { journal.read.ended == ["a"] }
        }
        #expect(await queue.counts().isEmpty)
    }

    @Test func `lets running jobs finish after the shutdown began and claims nothing more`() async throws {
        await enqueue("first")
        try await run(processor(nil, JobQueueConfiguration(workers: 1), hold)) { task in
            try await eventually("work") { journal.read.running == 1 }
            await enqueue("second")
            try await stop(task)
            #expect(journal.read.cancelled.isEmpty)
            journal.write { $0.released = ["first", "second"] }
            await task.value
        }
        #expect(journal.read.ended == ["first"])
        #expect(await queue.counts() == [JobCount(kind: "k", state: .ready, count: 1)])
    }

    @Test func `cuts jobs off when the grace period is over and puts them back untried`() async throws {
        await enqueue("stubborn")
        try await run(processor(nil, JobQueueConfiguration(shutdownGrace: .seconds(10)), hold)) { task in
            try await eventually("work") { journal.read.running == 1 && clock.sleepers == 3 }
            try await stop(task)
            clock.advance(by: .seconds(9))
            #expect(journal.read.cancelled.isEmpty)
            try await eventually("the end") {
                clock.advance(by: .seconds(1))
                return journal.read.cancelled == ["stubborn"]
            }
            await task.value
        }
        let again = await queue.claim(limit: 1, lease: .zero, JobSelection())
        #expect(again.map(\.attempts) == [1])
    }

    @Test func `goes on when the queue comes back after an outage`() async throws {
        let flaky = FlakyQueue(queue)
        await enqueue("a")
        flaky.isDown.withLock { $0 = true }
        try await run(processor(flaky) { _ in }) { _ in
            try await eventually("the pause after a failure") { clock.sleepers == 1 }
            flaky.isDown.withLock { $0 = false }
            clock.advance(by: .seconds(1))
            try await eventually("the job's end") { journal.read.ended == ["a"] }
        }
    }
}

/// A queue whose claims and extensions can be made to fail.
private final class FlakyQueue: JobQueueDriver {
    let isDown = Mutex(false)
    private let queue: MemoryJobQueue

    init(_ queue: MemoryJobQueue) { self.queue = queue }

    func claim(limit: Int, lease: Duration, _ selection: JobSelection) async throws -> [ClaimedJob] {
        try answer()
        return await queue.claim(limit: limit, lease: lease, selection)
    }
    func extend(_ claim: ClaimedJob, lease: Duration) async throws -> Bool {
        try answer()
        return await queue.extend(claim, lease: lease)
    }
    func enqueue(_ jobs: [NewJob]) async { await queue.enqueue(jobs) }
    func complete(_ claim: ClaimedJob) async -> Bool { await queue.complete(claim) }
    func retry(_ claim: ClaimedJob, after pause: Duration, reason: String) async -> Bool {
        await queue.retry(claim, after: pause, reason: reason)
    }
    func release(_ claim: ClaimedJob) async -> Bool { await queue.release(claim) }
    func deadLetter(_ claim: ClaimedJob, reason: String) async -> Bool {
        await queue.deadLetter(claim, reason: reason)
    }
    func revive(_ id: Int64) async -> Bool { await queue.revive(id) }
    func deadJobs(limit: Int) async -> [DeadJob] { await queue.deadJobs(limit: limit) }
    func untilNextDue(_ selection: JobSelection) async -> Duration? { await queue.untilNextDue(selection) }
    func counts() async -> [JobCount] { await queue.counts() }

    private func answer() throws {
        if isDown.withLock({ $0 }) { throw NeverHappened(what: "an answer") }
    }
}
