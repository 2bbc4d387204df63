// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// The queue's rules over a table in memory: no clock, no lock, no I/O.
///
/// `MemoryJobQueue` is this under a lock; the drivers of real databases say the same in SQL.
package struct JobTable: Sendable {
    private struct Row {
        var job: NewJob
        var state = JobState.ready
        var attempts = 0
        var token: UInt64 = 0
        var leaseEnd = Date.distantPast
        var reason = ""

        /// When it may be claimed; nil for a job that was given up.
        var availableAt: Date? {
            switch state {
            case .ready: job.dueAt
            case .claimed: leaseEnd
            case .dead: nil
            }
        }

        func isWanted(_ kinds: Set<String>?) -> Bool { kinds?.contains(job.kind) ?? true }
    }

    private var rows: [Int64: Row] = [:]
    private var lastID: Int64 = 0
    private var lastToken: UInt64 = 0

    /// An empty table.
    package init() {}

    /// See `JobQueueDriver.enqueue`.
    package mutating func enqueue(_ job: NewJob) {
        if let id = waiting(like: job), let present = rows[id]?.job {
            rows[id]?.job = NewJob(
                kind: job.kind, payload: job.payload, priority: min(present.priority, job.priority),
                dueAt: min(present.dueAt, job.dueAt))
        } else {
            lastID += 1
            rows[lastID] = Row(job: job)
        }
    }

    /// See `JobQueueDriver.claim`.
    package mutating func claim(limit: Int, now: Date, lease: Duration, kinds: Set<String>?) -> [ClaimedJob] {
        let due = rows.filter { $0.value.isWanted(kinds) && ($0.value.availableAt.map { $0 <= now } ?? false) }
        let order = due.sorted {
            ($0.value.job.priority, $0.value.job.dueAt, $0.key) < ($1.value.job.priority, $1.value.job.dueAt, $1.key)
        }
        return order.prefix(max(0, limit)).map { id, row in
            lastToken += 1
            var claimed = row
            claimed.state = .claimed
            claimed.attempts += 1
            claimed.token = lastToken
            claimed.leaseEnd = now.addingTimeInterval(lease / .seconds(1))
            rows[id] = claimed
            return ClaimedJob(
                id: id, kind: row.job.kind, payload: row.job.payload, priority: row.job.priority,
                attempts: claimed.attempts, dueAt: row.job.dueAt, token: lastToken)
        }
    }

    /// Whether the job is held under this token.
    package func isHeld(_ id: Int64, token: UInt64) -> Bool {
        guard let row = rows[id] else { return false }
        return row.state == .claimed && row.token == token
    }

    /// See `JobQueueDriver.extend`.
    package mutating func extend(_ id: Int64, token: UInt64, until end: Date) -> Bool {
        guard isHeld(id, token: token) else { return false }
        rows[id]?.leaseEnd = end
        return true
    }

    /// See `JobQueueDriver.complete`.
    package mutating func complete(_ id: Int64, token: UInt64) -> Bool {
        guard isHeld(id, token: token) else { return false }
        rows[id] = nil
        return true
    }

    /// See `JobQueueDriver.retry`.
    package mutating func retry(_ id: Int64, token: UInt64, at time: Date, reason: String) -> Bool {
        guard isHeld(id, token: token), let row = rows[id] else { return false }
        makeReady(id, row, at: time, attempts: row.attempts, reason: reason)
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
    package mutating func revive(_ id: Int64, at time: Date) -> Bool {
        guard let row = rows[id], row.state == .dead else { return false }
        makeReady(id, row, at: time, attempts: 0, reason: row.reason)
        return true
    }

    /// See `JobQueueDriver.deadJobs`.
    package func deadJobs(limit: Int) -> [DeadJob] {
        rows.filter { $0.value.state == .dead }.sorted { $0.key > $1.key }.prefix(max(0, limit)).map { id, row in
            DeadJob(
                id: id, kind: row.job.kind, payload: row.job.payload, attempts: row.attempts, reason: row.reason)
        }
    }

    /// See `JobQueueDriver.nextDue`.
    package func nextDue(kinds: Set<String>?) -> Date? {
        rows.values.filter { $0.isWanted(kinds) }.compactMap(\.availableAt).min()
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
        let job = NewJob(kind: row.job.kind, payload: row.job.payload, priority: row.job.priority, dueAt: time)
        rows[id] = Row(job: job, attempts: attempts, reason: reason)
    }
}
