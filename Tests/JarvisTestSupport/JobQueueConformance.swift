// SPDX-License-Identifier: Apache-2.0

package import DurableQueue
package import FoundationEssentials

/// The promises of `JobQueueDriver`, to be run against every driver; each case wants a fresh, empty queue.
package enum JobQueueConformance {
    /// A queue and how to come back to it after a crash.
    package struct Subject: Sendable {
        /// The queue.
        package let queue: any JobQueueDriver
        /// The time that the queue tells, also after it was reopened.
        package let clock: ManualQueueClock
        /// Opens what a process that died would leave; the same queue where nothing outlives the process.
        package let reopen: @Sendable () async throws -> any JobQueueDriver

        /// Describes a queue under test; its clock stands at `start`.
        package init(
            queue: any JobQueueDriver, clock: ManualQueueClock,
            reopen: @escaping @Sendable () async throws -> any JobQueueDriver
        ) {
            self.queue = queue
            self.clock = clock
            self.reopen = reopen
        }
    }

    /// When every case begins.
    package static let start = Date(timeIntervalSince1970: 1_700_000_000)
    private static func job(
        _ payload: String, kind: String = "k", priority: Int = 1, lane: String = "", due: Double = 0
    )
        -> NewJob
    {
        NewJob(kind: kind, payload: payload, priority: priority, lane: lane, dueAt: start + due)
    }
    private static func claim(
        _ subject: Subject, _ limit: Int = 100, at seconds: Double? = nil, kinds: Set<String>? = nil,
        from queue: (any JobQueueDriver)? = nil
    ) async throws -> [ClaimedJob] {
        if let seconds { subject.clock.move(to: start + seconds) }
        return try await (queue ?? subject.queue).claim(
            limit: limit, lease: .seconds(60), JobSelection(kinds: kinds))
    }
    private static func claimOne(_ subject: Subject, at seconds: Double? = nil) async throws -> ClaimedJob {
        let claimed = try await claim(subject, at: seconds)
        guard claimed.count == 1, let job = claimed.first else {
            throw BrokenPromise(description: "expected one job to claim, got \(claimed)")
        }
        return job
    }
    private static func untilNextDue(_ subject: Subject, kinds: Set<String>? = nil) async throws -> Duration? {
        try await untilNextDue(subject, JobSelection(kinds: kinds))
    }
    /// In whole microseconds, which is what stores keep.
    private static func untilNextDue(_ subject: Subject, _ selection: JobSelection) async throws -> Duration? {
        try await subject.queue.untilNextDue(selection).map {
            .microseconds(Int64(($0 / .microseconds(1)).rounded()))
        }
    }

    /// All cases.
    package static let cases = claiming + sharing + fencing + ending

    private static let claiming: [ConformanceCase<Subject>] = [
        .init("jobs are claimed by priority, then due time, then number") { subject in
            try await subject.queue.enqueue([
                job("late", due: -1), job("early", due: -5), job("urgent", priority: 0), job("tie 1", priority: 2),
                job("tie 2", priority: 2),
            ])
            let first = try await claim(subject, 2)
            try expect(first.map(\.payload), ["urgent", "early"], "the first two")
            let rest = try await claim(subject)
            try expect(rest.map(\.payload), ["late", "tie 1", "tie 2"], "the rest")
            try expect((first + rest).map(\.attempts), [1, 1, 1, 1, 1], "attempts")
            let tokens = (first + rest).map(\.token)
            try expect(tokens, Array(Set(tokens)).sorted(), "growing tokens")
            try expect(first.map(\.dueAt), [start, start - 5], "due times")
        },
        .init("nothing is claimed before it is due, and the next due time is told") { subject in
            try expect(try await untilNextDue(subject), nil, "next due of an empty queue")
            try await subject.queue.enqueue([job("a", due: 10), job("b", kind: "other", due: 20)])
            try expect(try await claim(subject, at: 9.999).count, 0, "claimed too early")
            try expect(try await untilNextDue(subject), .milliseconds(1), "next due")
            try expect(try await untilNextDue(subject, kinds: ["other"]), .milliseconds(10_001), "next due of a kind")
            try expect(try await untilNextDue(subject, kinds: []), nil, "next due of no kind")
            try expect(try await claim(subject, at: 10).map(\.payload), ["a"], "claimed in time")
            try expect(try await untilNextDue(subject), .seconds(10), "next due after a claim")
        },
        .init("only the kinds asked for are claimed") { subject in
            try await subject.queue.enqueue([job("a"), job("b", kind: "x'y\"\\"), job("c", kind: "other")])
            try expect(try await claim(subject, kinds: []).count, 0, "no kinds")
            let wanted = try await claim(subject, kinds: ["x'y\"\\", "missing"])
            try expect(wanted.map(\.payload), ["b"], "one kind")
            try expect(try await claim(subject, 0).count, 0, "a limit of 0")
            try expect(try await claim(subject, -1).count, 0, "a limit below 0")
        },
        .init("an identical job that waits is not added again and keeps the earlier time and priority") { subject in
            try await subject.queue.enqueue([job("a", priority: 1, due: 50), job("a", priority: 2, due: 10)])
            try await subject.queue.enqueue([job("a", priority: 0, due: 90), job("a", kind: "other", due: 60)])
            let claimed = try await claim(subject, at: 100)
            try expect(claimed.map(\.kind), ["k", "other"], "kinds")
            try expect(claimed.first?.dueAt, start + 10, "due")
            try expect(claimed.first?.priority, 0, "priority")
        },
        .init("a job that is being worked on does not swallow an identical new one") { subject in
            try await subject.queue.enqueue([job("a")])
            let first = try await claimOne(subject)
            try await subject.queue.enqueue([job("a")])
            let second = try await claimOne(subject)
            try expect(second.id == first.id, false, "the same job")
            try expect(try await subject.queue.complete(first), true, "first ends")
            try expect(try await subject.queue.complete(second), true, "second ends")
        },
        .init("concurrent claims never share a job") { subject in
            try await subject.queue.enqueue((0..<300).map { job("\($0)") })
            let claimed = try await withThrowingTaskGroup(of: [ClaimedJob].self) { group in
                for _ in 0..<30 {
                    group.addTask {
                        var mine: [ClaimedJob] = []
                        while true {
                            let some = try await claim(subject, 3)
                            if some.isEmpty { return mine }
                            mine += some
                        }
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            try expect(claimed.count, 300, "claims")
            try expect(Set(claimed.map(\.id)).count, 300, "different jobs")
            try expect(Set(claimed.map(\.token)).count, 300, "different tokens")
        },
        .init("payloads come back as they went in") { subject in
            let hostile = ["", "'; DROP TABLE jobs; --", "\u{0}after nul", "é\u{301}\u{202E}🧨", "{\"a\":\"\\u0000\"}"]
            try await subject.queue.enqueue(hostile.map { job($0) })
            try expect(try await claim(subject).map(\.payload), hostile, "payloads")
        },
    ]

    private static let sharing: [ConformanceCase<Subject>] = [
        .init("a lane takes no more than its places, and holds up nobody else") { subject in
            try await subject.queue.enqueue(
                (0..<6).map { job("slow \($0)", priority: 0, lane: "nexus", due: Double($0) - 60) } + [
                    job("other", priority: 2, lane: "atlas"), job("none 1", priority: 2), job("none 2", priority: 2),
                    job("later", priority: 2, lane: "atlas", due: 30),
                ])
            let places = JobSelection(placesLeft: ["nexus": 1], lanePlaces: 2)
            let first = try await subject.queue.claim(limit: 9, lease: .seconds(60), places)
            try expect(first.map(\.payload), ["slow 0", "other", "none 1", "none 2"], "claims within the places")
            try expect(first.map(\.lane), ["nexus", "atlas", "", ""], "lanes")
            let full = JobSelection(placesLeft: ["nexus": 0], lanePlaces: 2)
            try expect(try await subject.queue.claim(limit: 9, lease: .seconds(60), full), [], "a full lane")
            try expect(try await untilNextDue(subject, full), .seconds(30), "next due beside a full lane")
            let fresh = JobSelection(lanePlaces: 2)
            let next = try await subject.queue.claim(limit: 9, lease: .seconds(60), fresh)
            try expect(next.map(\.payload), ["slow 1", "slow 2"], "claims of a lane without a count")
            subject.clock.move(to: start + 60)
            try expect(try await untilNextDue(subject, fresh), .seconds(-117), "what is overdue")
        },
        .init("a job that is put in again keeps its lane") { subject in
            try await subject.queue.enqueue([job("a", lane: "nexus"), job("a", priority: 0, lane: "atlas")])
            try expect(try await claimOne(subject).lane, "nexus", "lane")
        },
        .init("by age what was due first goes first, however urgent the rest is") { subject in
            try await subject.queue.enqueue([
                job("urgent", priority: 0, due: -1), job("old", priority: 2, lane: "nexus", due: -50),
                job("middle", priority: 1, due: -20),
            ])
            let aged = JobSelection(order: .age)
            let claimed = try await subject.queue.claim(limit: 2, lease: .seconds(60), aged)
            try expect(claimed.map(\.payload), ["old", "middle"], "by age")
            try expect(try await claimOne(subject).payload, "urgent", "the rest")
        },
        .init("of held jobs only those count whose lane has a place, whichever other lanes are named") { subject in
            try await subject.queue.enqueue([job("a", lane: "a"), job("b", lane: "b"), job("c")])
            for job in try await claim(subject) where job.lane != "a" {
                subject.clock.move(to: start + (job.lane == "b" ? 5 : 1))
                _ = try await subject.queue.extend(job, lease: .seconds(60))
            }
            subject.clock.move(to: start + 10)
            let cases: [([String: Int], Duration?)] = [
                (["a": 1, "b": 1], .seconds(50)), (["a": 0, "b": 1], .seconds(51)), (["a": 0, "b": 0], .seconds(51)),
                (["a": 0, "b": 2, "x": 0], .seconds(51)), (["b": 0, "x": 3], .seconds(50)),
            ]
            for (places, expected) in cases {
                let selection = JobSelection(placesLeft: places, lanePlaces: 1)
                try expect(try await untilNextDue(subject, selection), expected, "with \(places)")
            }
        },
        .init("a wall clock that jumps neither ends a lease nor prolongs it") { subject in
            try await subject.queue.enqueue([job("a")])
            _ = try await claimOne(subject)
            subject.clock.setWallClock(to: start + 3600)
            try expect(try await claim(subject).count, 0, "claims after a jump forward")
            try expect(try await untilNextDue(subject), .seconds(60), "next due after it")
            subject.clock.setWallClock(to: start - 3600)
            subject.clock.move(to: start - 3540)
            try expect(try await claim(subject).count, 0, "a job that is due in an hour by the clock set back")
            subject.clock.setWallClock(to: start)
            try expect(try await claim(subject).count, 1, "claims when the lease is over")
        },
    ]

    private static let fencing: [ConformanceCase<Subject>] = [
        .init("a job whose lease ran out is claimed again, with a higher token") { subject in
            try await subject.queue.enqueue([job("a")])
            let first = try await claimOne(subject)
            try expect(try await untilNextDue(subject), .seconds(60), "the lease's end is the next due time")
            try expect(try await claim(subject, at: 59.9).count, 0, "claims under the lease")
            let second = try await claimOne(subject, at: 60)
            try expect(second.id, first.id, "job")
            try expect(second.attempts, 2, "attempts")
            try expect(second.token > first.token, true, "higher token")
        },
        .init("a stale claim can neither extend, complete, retry nor give up") { subject in
            try await subject.queue.enqueue([job("a")])
            let stale = try await claimOne(subject)
            let current = try await claimOne(subject, at: 60)
            let queue = subject.queue
            try expect(try await queue.extend(stale, lease: .seconds(999)), false, "extend")
            try expect(try await queue.complete(stale), false, "complete")
            try expect(try await queue.retry(stale, after: .zero, reason: "r"), false, "retry")
            try expect(try await queue.deadLetter(stale, reason: "r"), false, "give up")
            try expect(try await queue.release(stale), false, "release")
            try expect(try await claim(subject, at: 119.9).count, 0, "the current lease is untouched")
            try expect(try await queue.complete(current), true, "the current claim completes")
            try expect(try await queue.complete(current), false, "completing twice")
            try expect(try await queue.extend(current, lease: .seconds(1)), false, "extend after the end")
            try expect(try await queue.counts(), [], "what is left")
        },
        .init("an extended lease holds longer, also one that ran out unclaimed") { subject in
            try await subject.queue.enqueue([job("a")])
            let held = try await claimOne(subject)
            subject.clock.move(to: start + 50)
            try expect(try await subject.queue.extend(held, lease: .seconds(60)), true, "in time")
            try expect(try await claim(subject, at: 109).count, 0, "claims under the longer lease")
            subject.clock.move(to: start + 200)
            try expect(try await subject.queue.extend(held, lease: .seconds(60)), true, "late")
            try expect(try await claim(subject, at: 259).count, 0, "claims under the renewed lease")
            try expect(try await claim(subject, at: 260).count, 1, "claims after it")
        },
    ]

    private static let ending: [ConformanceCase<Subject>] = [
        .init("a job given back returns at its time with its attempts") { subject in
            try await subject.queue.enqueue([job("a")])
            let first = try await claimOne(subject)
            try expect(try await subject.queue.retry(first, after: .seconds(5), reason: "no route"), true, "retry")
            try expect(try await subject.queue.retry(first, after: .zero, reason: "no route"), false, "retry twice")
            try expect(try await claim(subject, at: 4).count, 0, "too early")
            let second = try await claimOne(subject, at: 5)
            try expect(second.attempts, 2, "attempts")
            try expect(second.dueAt, start + 5, "due")
        },
        .init("a job given back is folded into an identical one that waits") { subject in
            try await subject.queue.enqueue([job("a")])
            let first = try await claimOne(subject)
            try await subject.queue.enqueue([job("a", due: 7)])
            try expect(try await subject.queue.retry(first, after: .seconds(500), reason: "r"), true, "retry")
            let left = try await claimOne(subject, at: 1000)
            try expect(left.attempts, 1, "attempts")
            try expect(left.dueAt, start + 7, "due")
        },
        .init("a released job returns at once and the claim does not count") { subject in
            try await subject.queue.enqueue([job("a")])
            let first = try await claimOne(subject)
            try expect(try await subject.queue.release(first), true, "release")
            try expect(try await subject.queue.release(first), false, "release twice")
            let second = try await claimOne(subject)
            try expect(second.attempts, 1, "attempts")
            try expect(second.dueAt, start, "due")
            try expect(second.token > first.token, true, "higher token")
        },
        .init("a given-up job is kept with its reason, claimed no more, and can be revived") { subject in
            try await subject.queue.enqueue([job("a")])
            let claimed = try await claimOne(subject)
            try expect(try await subject.queue.deadLetter(claimed, reason: "never works"), true, "give up")
            try expect(try await claim(subject, at: 1e6).count, 0, "claims")
            try expect(try await untilNextDue(subject), nil, "next due")
            let dead = DeadJob(id: claimed.id, kind: "k", payload: "a", attempts: 1, reason: "never works")
            try expect(try await subject.queue.deadJobs(limit: 5), [dead], "dead jobs")
            try expect(try await subject.queue.revive(claimed.id), true, "revive")
            try expect(try await subject.queue.revive(claimed.id), false, "revive twice")
            try expect(try await claimOne(subject).attempts, 1, "attempts after it")
        },
        .init("jobs are counted by kind and state") { subject in
            try await subject.queue.enqueue([job("a", priority: 0), job("b"), job("c", kind: "b"), job("d", due: 9)])
            let claimed = try await claim(subject, 2)
            _ = try await subject.queue.deadLetter(claimed[1], reason: "r")
            try expect(
                try await subject.queue.counts(),
                [
                    JobCount(kind: "b", state: .ready, count: 1), JobCount(kind: "k", state: .claimed, count: 1),
                    JobCount(kind: "k", state: .dead, count: 1), JobCount(kind: "k", state: .ready, count: 1),
                ], "counts")
        },
        .init("a crash loses no job and no fence") { subject in
            try await subject.queue.enqueue([job("held", priority: 0), job("waiting"), job("dead", priority: -1)])
            let claimed = try await claim(subject, 2)
            _ = try await subject.queue.deadLetter(claimed[0], reason: "r")
            let queue = try await subject.reopen()
            try expect(try await queue.deadJobs(limit: 5).map(\.payload), ["dead"], "dead jobs")
            let again = try await claim(subject, at: 1000, from: queue)
            try expect(again.map(\.payload), ["held", "waiting"], "claims")
            try expect(again.map(\.attempts), [2, 1], "attempts")
            try expect(again.allSatisfy { $0.token > claimed[1].token }, true, "higher tokens")
            try expect(try await queue.complete(claimed[1]), false, "the lost claim")
        },
    ]
}
