// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import FoundationEssentials
import JarvisCore

/// The queue's statements; each is to be run inside a write.
enum JobRows {
    /// See `JobQueueDriver.enqueue`.
    static func enqueue(_ job: NewJob, on connection: SQLiteConnection) throws(StoreError) {
        try connection.run(
            """
            INSERT INTO jobs (kind, payload, priority, due_at, available_at, state) VALUES (?1, ?2, ?3, ?4, ?4, 'ready')
            ON CONFLICT (kind, payload) WHERE state = 'ready' DO UPDATE SET
                priority = min(priority, excluded.priority),
                due_at = min(due_at, excluded.due_at),
                available_at = min(available_at, excluded.available_at)
            """,
            [
                .text(job.kind), .text(job.payload), .integer(Int64(job.priority)),
                .integer(StoredTime.microseconds(job.dueAt)),
            ])
    }

    /// See `JobQueueDriver.claim`.
    static func claim(
        limit: Int, now: Date, lease: Duration, kinds: String?, on connection: SQLiteConnection
    ) throws(StoreError) -> [ClaimedJob] {
        // The index is walked from the front and only jobs that are held or not due yet are passed over; left to
        // itself SQLite sorts everything that is due, for every claim of a storm.
        let due = try connection.rows(
            """
            SELECT id, kind, payload, priority, attempts, due_at FROM jobs INDEXED BY jobs_order
            WHERE available_at <= ?1 AND (?2 IS NULL OR kind IN (SELECT value FROM json_each(?2)))
            ORDER BY priority, due_at, id LIMIT ?3
            """,
            [.integer(StoredTime.microseconds(now)), .optional(kinds), .integer(Int64(max(0, limit)))]
        ) { row throws(StoreError) in
            ClaimedJob(
                id: row.integer(0), kind: try row.required(1), payload: try row.required(2),
                priority: Int(row.integer(3)), attempts: Int(row.integer(4)) + 1,
                dueAt: StoredTime.date(row.integer(5)),
                token: 0)
        }
        guard !due.isEmpty else { return [] }
        let end = SQLiteValue.integer(StoredTime.microseconds(now.addingTimeInterval(lease / .seconds(1))))
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
                    id: job.id, kind: job.kind, payload: job.payload, priority: job.priority, attempts: job.attempts,
                    dueAt: job.dueAt, token: UInt64(token)))
        }
        return claimed
    }

    /// See `JobQueueDriver.extend`.
    static func extend(
        _ id: Int64, token: UInt64, until end: Date, on connection: SQLiteConnection
    ) throws(StoreError) -> Bool {
        try connection.run(
            "UPDATE jobs SET available_at = ?3 WHERE id = ?1 AND token = ?2 AND state = 'claimed'",
            [.integer(id), fence(token), .integer(StoredTime.microseconds(end))])
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

    /// Ends every lease, because whoever held one is gone.
    static func releaseAll(on connection: SQLiteConnection) throws(StoreError) {
        try connection.run("UPDATE jobs SET available_at = due_at WHERE state = 'claimed'")
    }

    private static func fence(_ token: UInt64) -> SQLiteValue { .integer(Int64(clamping: token)) }
}
