// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// The queue's rules over a table in memory: no clock, no lock, no I/O.
///
/// `MemoryJobQueue` is this under a lock; the drivers of real databases say the same in SQL.
package struct JobTable: Sendable {
    private struct Row {
        var job: NewJob
        var state = JobState.ready
        var attempts = 0
        var token: UInt64 = 0
        var leaseEnd = Duration.zero
        var reason = ""

        /// The time until it may be claimed; nil for a job that was given up.
        func wait(_ time: Time) -> Duration? {
            switch state {
            case .ready: .seconds(job.dueAt.timeIntervalSince(time.now))
            case .claimed: max(.seconds(job.dueAt.timeIntervalSince(time.now)), leaseEnd - time.uptime)
            case .dead: nil
            }
        }

        func isWanted(_ selection: JobSelection) -> Bool {
            (selection.kinds?.contains(job.kind) ?? true) && selection.places(in: job.lane) > 0
        }
    }

    /// The store's time at one moment.
    package struct Time: Sendable {
        let now: Date
        let uptime: Duration

        /// Reads both clocks.
        package init(_ clock: QueueClock) {
            now = clock.now()
            uptime = clock.uptime()
        }
    }

    private var rows: [Int64: Row] = [:]
    private var lastID: Int64 = 0
    private var lastToken: UInt64 = 0

    /// An empty table.
    package init() {}

    /// The payloads of the jobs that are held.
    package var heldPayloads: [String] { rows.values.filter { $0.state == .claimed }.map(\.job.payload) }

    /// See `JobQueueDriver.enqueue`.
    package mutating func enqueue(_ job: NewJob) {
        if let id = waiting(like: job), let present = rows[id]?.job {
            rows[id]?.job = NewJob(
                kind: job.kind, payload: job.payload, priority: min(present.priority, job.priority),
                lane: present.lane, dueAt: min(present.dueAt, job.dueAt))
        } else {
            lastID += 1
            rows[lastID] = Row(job: job)
        }
    }

    /// See `JobQueueDriver.claim`.
    package mutating func claim(
        limit: Int, lease: Duration, _ selection: JobSelection, at time: Time
    ) -> [ClaimedJob] {
        var selection = selection
        let due = rows.filter { $0.value.isWanted(selection) && ($0.value.wait(time).map { $0 <= .zero } ?? false) }
        var claims: [ClaimedJob] = []
        for (id, row) in due.sorted(by: { Self.precedes($0, $1, selection.order) }) {
            guard claims.count < limit else { break }
            guard selection.takePlace(in: row.job.lane) else { continue }
            lastToken += 1
            var claimed = row
            claimed.state = .claimed
            claimed.attempts += 1
            claimed.token = lastToken
            claimed.leaseEnd = time.uptime + lease
            rows[id] = claimed
            claims.append(
                ClaimedJob(
                    id: id, kind: row.job.kind, payload: row.job.payload, priority: row.job.priority,
                    lane: row.job.lane, attempts: claimed.attempts, dueAt: row.job.dueAt, token: lastToken))
        }
        return claims
    }

    private static func precedes(
        _ left: (key: Int64, value: Row), _ right: (key: Int64, value: Row), _ order: JobSelection.Order
    ) -> Bool {
        switch order {
        case .urgency:
            (left.value.job.priority, left.value.job.dueAt, left.key)
                < (right.value.job.priority, right.value.job.dueAt, right.key)
        case .age:
            (left.value.job.dueAt, left.key) < (right.value.job.dueAt, right.key)
        }
    }

    /// Whether the job is held under this token.
    package func isHeld(_ id: Int64, token: UInt64) -> Bool {
        guard let row = rows[id] else { return false }
        return row.state == .claimed && row.token == token
    }

    /// Whether some job is held under this token.
    package func isHeld(_ token: UInt64) -> Bool { rows.values.contains { $0.state == .claimed && $0.token == token } }

    /// See `JobQueueDriver.extend`.
    package mutating func extend(_ id: Int64, token: UInt64, lease: Duration, at time: Time) -> Bool {
        guard isHeld(id, token: token) else { return false }
        rows[id]?.leaseEnd = time.uptime + lease
        return true
    }

    /// See `JobQueueDriver.complete`.
    package mutating func complete(_ id: Int64, token: UInt64) -> Bool {
        guard isHeld(id, token: token) else { return false }
        rows[id] = nil
        return true
    }

    /// See `JobQueueDriver.retry`.
    package mutating func retry(
        _ id: Int64, token: UInt64, after pause: Duration, reason: String, at time: Time
    ) -> Bool {
        guard isHeld(id, token: token), let row = rows[id] else { return false }
        makeReady(id, row, at: time.now.addingTimeInterval(pause / .seconds(1)), attempts: row.attempts, reason: reason)
        return true
    }

    /// See `JobQueueDriver.release`.
    package mutating func release(_ id: Int64, token: UInt64) -> Bool {
        guard isHeld(id, token: token), let row = rows[id] else { return false }
        makeReady(id, row, at: row.job.dueAt, attempts: row.attempts - 1, reason: row.reason)
        return true
    }

    /// See `JobQueueDriver.deadLetter`.
    package mutating func deadLetter(_ id: Int64, token: UInt64, reason: String) -> Bool {
        guard isHeld(id, token: token) else { return false }
        rows[id]?.state = .dead
        rows[id]?.reason = reason
        return true
    }

    /// See `JobQueueDriver.revive`.
    package mutating func revive(_ id: Int64, at time: Time) -> Bool {
        guard let row = rows[id], row.state == .dead else { return false }
        makeReady(id, row, at: time.now, attempts: 0, reason: row.reason)
        return true
    }

    /// See `JobQueueDriver.deadJobs`.
    package func deadJobs(limit: Int) -> [DeadJob] {
        rows.filter { $0.value.state == .dead }.sorted { $0.key > $1.key }.prefix(max(0, limit)).map { id, row in
            DeadJob(
                id: id, kind: row.job.kind, payload: row.job.payload, attempts: row.attempts, reason: row.reason)
        }
    }

    /// See `JobQueueDriver.untilNextDue`.
    package func untilNextDue(_ selection: JobSelection, at time: Time) -> Duration? {
        rows.values.filter { $0.isWanted(selection) }.compactMap { $0.wait(time) }.min()
    }

    /// See `JobQueueDriver.counts`.
    package func counts() -> [JobCount] {
        Dictionary(grouping: rows.values) { [$0.job.kind, $0.state.rawValue] }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }
            .compactMap { _, group in
                group.first.map { JobCount(kind: $0.job.kind, state: $0.state, count: group.count) }
            }
    }

    private func waiting(like job: NewJob) -> Int64? {
        rows.first { row in
            row.value.state == .ready && row.value.job.kind == job.kind && row.value.job.payload == job.payload
        }?.key
    }

    private mutating func makeReady(_ id: Int64, _ row: Row, at time: Date, attempts: Int, reason: String) {
        rows[id] = nil
        guard waiting(like: row.job) == nil else { return }
        let job = NewJob(
            kind: row.job.kind, payload: row.job.payload, priority: row.job.priority, lane: row.job.lane, dueAt: time)
        rows[id] = Row(job: job, attempts: attempts, reason: reason)
    }
}
