// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import JarvisCore
import JarvisStore

/// The queue's statements; each is part of a transaction.
enum JobRows {
    /// Wakes the workers of every replica when the transaction is committed.
    static let channel = "jarvis_jobs"

    /// See `JobQueueDriver.enqueue`.
    static func enqueue(_ jobs: [NewJob], on connection: PostgresConnection) {
        guard !jobs.isEmpty else { return }
        if jobs.count > 1 {
            // In one order, so that no two transactions wait for each other's rows; two that add the same ones at
            // the same moment may still, and then one is run again.
            connection.run(
                """
                SELECT 1 FROM jobs WHERE identity = ANY ($1::text[]) AND state = 'ready'
                ORDER BY identity FOR NO KEY UPDATE
                """, [.texts(jobs.map(\.identity))])
        }
        for job in jobs {
            connection.run(
                """
                INSERT INTO jobs (kind, payload, identity, priority, lane, due_at, available_at, state)
                VALUES ($1, $2, $3, $4, $5, $6, $6, 'ready')
                ON CONFLICT (identity) WHERE state = 'ready' DO UPDATE SET
                    priority = least(jobs.priority, excluded.priority),
                    due_at = least(jobs.due_at, excluded.due_at),
                    available_at = least(jobs.available_at, excluded.available_at)
                """,
                [
                    .text(job.kind), .text(job.payload), .text(job.identity), .integer(Int64(job.priority)),
                    .text(job.lane), .integer(StoredTime.microseconds(job.dueAt)),
                ])
        }
        wake(on: connection)
    }

    /// Tells every replica that something may be claimed.
    static func wake(on connection: PostgresConnection) { connection.run("SELECT pg_notify('\(channel)', '')") }

    /// See `JobQueueDriver.complete`; throws `error` where the claim is lost.
    static func complete(
        _ id: Int64, token: UInt64, on connection: PostgresConnection, orThrow error: StoreError
    ) {
        connection.run("DELETE FROM jobs WHERE \(isHeld)", claim(id, token)) { result throws(StoreError) in
            guard result.affected == 1 else { throw error }
        }
    }

    /// Keeps a claim from being lost before the transaction ends; throws `error` where it is lost already.
    static func hold(_ id: Int64, token: UInt64, on connection: PostgresConnection, orThrow error: StoreError) {
        connection.run("SELECT 1 FROM jobs WHERE \(isHeld) FOR NO KEY UPDATE", claim(id, token)) {
            result throws(StoreError) in
            guard result.count == 1 else { throw error }
        }
    }

    /// See `JobQueueDriver.extend`.
    static func extend(
        _ claimed: ClaimedJob, lease: Duration, at time: QueueTime, on connection: PostgresConnection
    ) throws(StoreError) -> Bool {
        try connection.affected(
            "UPDATE jobs SET available_at = \(QueueTime.uptime(3)) + $4 WHERE \(isHeld)",
            claim(claimed.id, claimed.token) + [time.uptime, .integer(lease.inMicroseconds)]) == 1
    }

    /// See `JobQueueDriver.retry`.
    static func retry(
        _ claimed: ClaimedJob, after pause: Duration, reason: String, at time: QueueTime,
        on connection: PostgresConnection
    ) throws(StoreError) -> Bool {
        if try fold(claimed, on: connection) { return true }
        let again =
            try connection.affected(
                """
                UPDATE jobs SET state = 'ready', due_at = \(QueueTime.now(3)) + $4,
                    available_at = \(QueueTime.now(3)) + $4, reason = $5
                WHERE \(isHeld)
                """,
                claim(claimed.id, claimed.token) + [time.now, .integer(pause.inMicroseconds), .text(reason)]) == 1
        if again { wake(on: connection) }
        return again
    }

    /// See `JobQueueDriver.release`.
    static func release(_ claimed: ClaimedJob, on connection: PostgresConnection) throws(StoreError) -> Bool {
        if try fold(claimed, on: connection) { return true }
        let again =
            try connection.affected(
                "UPDATE jobs SET state = 'ready', attempts = attempts - 1, available_at = due_at WHERE \(isHeld)",
                claim(claimed.id, claimed.token)) == 1
        if again { wake(on: connection) }
        return again
    }

    /// Removes a held job where an identical one waits by now.
    private static func fold(_ claimed: ClaimedJob, on connection: PostgresConnection) throws(StoreError) -> Bool {
        try connection.affected(
            "DELETE FROM jobs WHERE \(isHeld) AND \(hasTwin)", claim(claimed.id, claimed.token)) == 1
    }

    /// See `JobQueueDriver.deadLetter`.
    static func deadLetter(
        _ claimed: ClaimedJob, reason: String, on connection: PostgresConnection
    ) throws(StoreError) -> Bool {
        try connection.affected(
            "UPDATE jobs SET state = 'dead', available_at = NULL, reason = $3 WHERE \(isHeld)",
            claim(claimed.id, claimed.token) + [.text(reason)]) == 1
    }

    /// See `JobQueueDriver.revive`.
    static func revive(_ id: Int64, at time: QueueTime, on connection: PostgresConnection) throws(StoreError) -> Bool {
        let folded = try connection.affected(
            "DELETE FROM jobs WHERE id = $1 AND state = 'dead' AND \(hasTwin)", [.integer(id)])
        guard folded == 0 else { return true }
        let revived = try connection.affected(
            """
            UPDATE jobs SET state = 'ready', attempts = 0, due_at = \(QueueTime.now(2)),
                available_at = \(QueueTime.now(2))
            WHERE id = $1 AND state = 'dead'
            """, [.integer(id), time.now])
        if revived == 1 { wake(on: connection) }
        return revived == 1
    }

    /// How many jobs there are by kind and state, sorted by both.
    static func depths(on connection: PostgresConnection) throws(StoreError) -> [QueueOverview.Depth] {
        try connection.rows("SELECT kind, state, count(*) FROM jobs GROUP BY kind, state ORDER BY kind, state") {
            row throws(StoreError) in
            .init(kind: try row.required(0), state: try row.required(1), count: Int(try row.integer(2)))
        }
    }

    private static let isHeld = "id = $1 AND token = $2 AND state = 'claimed'"
    private static let hasTwin = """
        EXISTS (SELECT 1 FROM jobs AS other WHERE other.identity = jobs.identity AND other.state = 'ready')
        """

    private static func claim(_ id: Int64, _ token: UInt64) -> [PostgresValue] {
        [.integer(id), .integer(Int64(clamping: token))]
    }
}
