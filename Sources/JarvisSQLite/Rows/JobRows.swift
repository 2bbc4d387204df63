// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import FoundationEssentials
import JarvisCore
import JarvisStore

/// The queue's statements; each is to be run inside a write.
enum JobRows {
    /// See `JobQueueDriver.enqueue`.
    static func enqueue(_ job: NewJob, on connection: SQLiteConnection) throws(StoreError) {
        try connection.run(
            """
            INSERT INTO jobs (kind, payload, priority, lane, due_at, available_at, state)
            VALUES (?1, ?2, ?3, ?4, ?5, ?5, 'ready')
            ON CONFLICT (kind, payload) WHERE state = 'ready' DO UPDATE SET
                priority = min(priority, excluded.priority),
                due_at = min(due_at, excluded.due_at),
                available_at = min(available_at, excluded.available_at)
            """,
            [
                .text(job.kind), .text(job.payload), .integer(Int64(job.priority)), .text(job.lane),
                .integer(StoredTime.microseconds(job.dueAt)),
            ])
    }

    /// See `SQLiteJobQueue.bringForward`.
    static func bringForward(
        _ kinds: String, by step: Duration, at time: StoredQueueTime, on connection: SQLiteConnection
    ) throws(StoreError) {
        try connection.run(
            """
            UPDATE jobs SET due_at = due_at - ?1, available_at = due_at - ?1
            WHERE state = 'ready' AND due_at > ?2 AND kind IN (SELECT value FROM json_each(?3))
            """,
            [.integer(Int64(step / .microseconds(1))), .integer(time.now), .text(kinds)])
    }

    /// See `SQLiteJobQueue.makeDue`.
    static func makeDue(
        _ kinds: String, at time: StoredQueueTime, on connection: SQLiteConnection
    ) throws(StoreError) {
        try connection.run(
            """
            UPDATE jobs SET due_at = ?1, available_at = ?1
            WHERE state = 'ready' AND due_at > ?1 AND kind IN (SELECT value FROM json_each(?2))
            """, [.integer(time.now), .text(kinds)])
    }

    /// See `JobQueueDriver.claim`.
    static func claim(
        limit: Int, lease: Duration, _ selection: StoredSelection, at time: StoredQueueTime,
        on connection: SQLiteConnection
    ) throws(StoreError) -> [ClaimedJob] {
        let due = try JobRows.due(limit: limit, selection, at: time, on: connection)
        guard !due.isEmpty else { return [] }
        let end = SQLiteValue.integer(time.leaseEnd(lease))
        let count = SQLiteValue.integer(Int64(due.count))
        try connection.run("UPDATE job_fence SET token = token + ?1", [count])
        let first = (try connection.integer("SELECT token + 1 - ?1 FROM job_fence", [count]) ?? 0)
        var claimed: [ClaimedJob] = []
        for (offset, job) in due.enumerated() {
            let token = first + Int64(offset)
            try connection.run(
                """
                UPDATE jobs SET state = 'claimed', attempts = attempts + 1, token = ?2, available_at = ?3
                WHERE id = ?1
                """,
                [.integer(job.id), .integer(token), end])
            claimed.append(
                ClaimedJob(
                    id: job.id, kind: job.kind, payload: job.payload, priority: job.priority, lane: job.lane,
                    attempts: job.attempts, dueAt: job.dueAt, token: UInt64(token)))
        }
        return claimed
    }

    /// What is to be claimed next; the tokens are still to be given.
    ///
    /// The front of each pair of lane and priority is read from the index, so that neither what is not due yet nor
    /// what waits in a full lane is walked over, however much it is.
    private static func due(
        limit: Int, _ selection: StoredSelection, at time: StoredQueueTime, on connection: SQLiteConnection
    ) throws(StoreError) -> [ClaimedJob] {
        guard limit > 0 else { return [] }
        var fronts: [ClaimedJob] = []
        for group in try groups(of: selection, on: connection) {
            fronts += try connection.rows(
                """
                SELECT id, kind, payload, priority, attempts, due_at, lane FROM jobs INDEXED BY jobs_order
                WHERE lane = ?1 AND priority = ?2 AND available_at IS NOT NULL AND due_at <= ?3
                    AND (state = 'ready' OR available_at <= ?4)
                    AND (?5 IS NULL OR kind IN (SELECT value FROM json_each(?5)))
                ORDER BY due_at, id LIMIT ?6
                """,
                [
                    .text(group.lane), .integer(group.priority), .integer(time.now), .integer(time.uptime),
                    .optional(selection.kinds), .integer(Int64(min(limit, selection.jobs.places(in: group.lane)))),
                ]
            ) { row throws(StoreError) in
                ClaimedJob(
                    id: row.integer(0), kind: try row.required(1), payload: try row.required(2),
                    priority: Int(row.integer(3)), lane: try row.required(6), attempts: Int(row.integer(4)) + 1,
                    dueAt: StoredTime.date(row.integer(5)), token: 0)
            }
        }
        var rest = selection.jobs
        return Array(fronts.sorted(by: rest.order.precedes).filter { rest.takePlace(in: $0.lane) }.prefix(limit))
    }

    private typealias Group = (lane: String, priority: Int64)

    /// The pairs of lane and priority there are, without full lanes; one step in the index for each.
    private static func groups(
        of selection: StoredSelection, on connection: SQLiteConnection
    ) throws(StoreError) -> [Group] {
        func next(_ condition: String, _ values: [SQLiteValue]) throws(StoreError) -> Group? {
            try connection.first(
                """
                SELECT lane, priority FROM jobs INDEXED BY jobs_order WHERE available_at IS NOT NULL AND \(condition)
                ORDER BY lane, priority LIMIT 1
                """, values
            ) { row throws(StoreError) in (try row.required(0), row.integer(1)) }
        }
        var groups: [Group] = []
        var last = try next("true", [])
        while let group = last {
            if selection.jobs.places(in: group.lane) > 0 {
                groups.append(group)
                // Two questions: `(lane, priority) > (?1, ?2)` would walk over every job of this pair.
                last = try next("lane = ?1 AND priority > ?2", [.text(group.lane), .integer(group.priority)])
                if last == nil { last = try next("lane > ?1", [.text(group.lane)]) }
            } else {
                last = try next("lane > ?1", [.text(group.lane)])
            }
        }
        return groups
    }

    /// See `JobQueueDriver.untilNextDue`.
    static func untilNextDue(
        _ selection: StoredSelection, at time: StoredQueueTime, on connection: SQLiteConnection
    ) throws(StoreError) -> Duration? {
        var waits: [Int64] = []
        for group in try groups(of: selection, on: connection) {
            let due = try connection.integer(
                """
                SELECT due_at FROM jobs INDEXED BY jobs_order
                WHERE lane = ?1 AND priority = ?2 AND available_at IS NOT NULL AND state = 'ready'
                    AND (?3 IS NULL OR kind IN (SELECT value FROM json_each(?3)))
                ORDER BY due_at LIMIT 1
                """,
                [.text(group.lane), .integer(group.priority), .optional(selection.kinds)])
            if let due { waits.append(due.subtractingReportingOverflow(time.now).partialValue) }
        }
        let leases = try connection.rows(
            """
            SELECT lane, max(available_at - ?2, due_at - ?3) FROM jobs INDEXED BY jobs_claimed
            WHERE state = 'claimed' AND (?1 IS NULL OR kind IN (SELECT value FROM json_each(?1)))
            """, [.optional(selection.kinds), .integer(time.uptime), .integer(time.now)]
        ) { row throws(StoreError) in (lane: try row.required(0), wait: row.integer(1)) }
        waits += leases.filter { selection.jobs.places(in: $0.lane) > 0 }.map(\.wait)
        return waits.min().map { .microseconds($0) }
    }

    /// See `JobQueueDriver.extend`.
    static func extend(
        _ id: Int64, token: UInt64, until end: Int64, on connection: SQLiteConnection
    ) throws(StoreError) -> Bool {
        try connection.run(
            "UPDATE jobs SET available_at = ?3 WHERE id = ?1 AND token = ?2 AND state = 'claimed'",
            [.integer(id), fence(token), .integer(end)])
        return connection.changes == 1
    }

    /// See `JobQueueDriver.complete`.
    static func complete(_ id: Int64, token: UInt64, on connection: SQLiteConnection) throws(StoreError) -> Bool {
        try connection.run(
            "DELETE FROM jobs WHERE id = ?1 AND token = ?2 AND state = 'claimed'", [.integer(id), fence(token)])
        return connection.changes == 1
    }

    /// Whether a claim still holds its job.
    static func isHeld(_ id: Int64, token: UInt64, on connection: SQLiteConnection) throws(StoreError) -> Bool {
        try connection.first(
            "SELECT 1 FROM jobs WHERE id = ?1 AND token = ?2 AND state = 'claimed'", [.integer(id), fence(token)]
        ) { _ in true } == true
    }

    /// See `JobQueueDriver.retry`.
    static func retry(
        _ id: Int64, token: UInt64, at time: Date, reason: String, on connection: SQLiteConnection
    ) throws(StoreError) -> Bool {
        if try fold(id, token: token, on: connection) { return true }
        try connection.run(
            """
            UPDATE jobs SET state = 'ready', due_at = ?3, available_at = ?3, reason = ?4
            WHERE id = ?1 AND token = ?2 AND state = 'claimed'
            """,
            [.integer(id), fence(token), .integer(StoredTime.microseconds(time)), .text(reason)])
        return connection.changes == 1
    }

    /// See `JobQueueDriver.release`.
    static func release(_ id: Int64, token: UInt64, on connection: SQLiteConnection) throws(StoreError) -> Bool {
        if try fold(id, token: token, on: connection) { return true }
        try connection.run(
            """
            UPDATE jobs SET state = 'ready', attempts = attempts - 1, available_at = due_at
            WHERE id = ?1 AND token = ?2 AND state = 'claimed'
            """,
            [.integer(id), fence(token)])
        return connection.changes == 1
    }

    /// Removes a held job where an identical one waits by now.
    private static func fold(
        _ id: Int64, token: UInt64, on connection: SQLiteConnection
    ) throws(StoreError) -> Bool {
        try connection.run(
            """
            DELETE FROM jobs WHERE id = ?1 AND token = ?2 AND state = 'claimed' AND EXISTS (
                SELECT 1 FROM jobs AS other
                WHERE other.kind = jobs.kind AND other.payload = jobs.payload AND other.state = 'ready')
            """,
            [.integer(id), fence(token)])
        return connection.changes == 1
    }

    /// See `JobQueueDriver.deadLetter`.
    static func deadLetter(
        _ id: Int64, token: UInt64, reason: String, on connection: SQLiteConnection
    ) throws(StoreError) -> Bool {
        try connection.run(
            """
            UPDATE jobs SET state = 'dead', available_at = NULL, reason = ?3
            WHERE id = ?1 AND token = ?2 AND state = 'claimed'
            """,
            [.integer(id), fence(token), .text(reason)])
        return connection.changes == 1
    }

    /// See `JobQueueDriver.revive`.
    static func revive(_ id: Int64, at time: Date, on connection: SQLiteConnection) throws(StoreError) -> Bool {
        try connection.run(
            """
            DELETE FROM jobs WHERE id = ?1 AND state = 'dead' AND EXISTS (
                SELECT 1 FROM jobs AS other
                WHERE other.kind = jobs.kind AND other.payload = jobs.payload AND other.state = 'ready')
            """,
            [.integer(id)])
        guard connection.changes == 0 else { return true }
        try connection.run(
            "UPDATE jobs SET state = 'ready', attempts = 0, due_at = ?2, available_at = ?2 WHERE id = ?1 AND state = 'dead'",
            [.integer(id), .integer(StoredTime.microseconds(time))])
        return connection.changes == 1
    }

    /// Ends every lease, because whoever held one is gone, and its uptime with it.
    static func releaseAll(on connection: SQLiteConnection) throws(StoreError) {
        try connection.run("UPDATE jobs SET available_at = 0 WHERE state = 'claimed'")
    }

    /// When the job that waits longest became due, or will; nil when none waits.
    static func oldestDue(on connection: SQLiteConnection) throws(StoreError) -> Date? {
        var oldest: Int64?
        for group in try groups(of: StoredSelection(JobSelection()), on: connection) {
            let due = try connection.integer(
                """
                SELECT due_at FROM jobs INDEXED BY jobs_order
                WHERE lane = ?1 AND priority = ?2 AND available_at IS NOT NULL AND state = 'ready'
                ORDER BY due_at LIMIT 1
                """, [.text(group.lane), .integer(group.priority)])
            if let due { oldest = min(oldest ?? due, due) }
        }
        return oldest.map(StoredTime.date)
    }

    /// How many jobs there are by kind and state, sorted by both.
    static func depths(on connection: SQLiteConnection) throws(StoreError) -> [QueueOverview.Depth] {
        try connection.rows("SELECT kind, state, count(*) FROM jobs GROUP BY kind, state ORDER BY kind, state") {
            row throws(StoreError) in
            .init(kind: try row.required(0), state: try row.required(1), count: Int(row.integer(2)))
        }
    }

    /// Makes every later token higher than any that was given out in the last `count` claims, known here or not.
    static func advanceFence(by count: Int64, on connection: SQLiteConnection) throws(StoreError) {
        try connection.run("UPDATE job_fence SET token = token + ?1", [.integer(count)])
    }

    private static func fence(_ token: UInt64) -> SQLiteValue { .integer(Int64(clamping: token)) }
}
