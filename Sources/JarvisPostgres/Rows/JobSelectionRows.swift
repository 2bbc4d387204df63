// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import FoundationEssentials
import JarvisCore
import JarvisStore

/// The statements that look for what may be claimed.
///
/// The front of each pair of lane and priority is read from the index, so that neither what is not due yet nor what
/// waits in a full lane is walked over, however much it is.
enum JobSelectionRows {
    /// Times that a claim is tried again that found its jobs taken: each time somebody else got on.
    private static let rounds = 100

    /// See `JobQueueDriver.claim`.
    ///
    /// Jobs that another transaction is about to take are passed over. Where that leaves nothing, the first of them
    /// is waited for: it may stay, and there may be others behind it.
    static func claim(
        limit: Int, lease: Duration, _ selection: JobSelection, at time: QueueTime, on connection: PostgresConnection
    ) throws(StoreError) -> [ClaimedJob] {
        guard limit > 0 else { return [] }
        for round in 0..<rounds {
            let statement = claimStatement(
                limit: limit, lease: lease, selection, at: time, isWaiting: !round.isMultiple(of: 2))
            let answer = try connection.query(statement.sql, statement.values)
            let found = try answer.first { row throws(StoreError) in try row.integer(0) } ?? 0
            let claimed = try answer.map(read).compactMap { $0 }
            if !claimed.isEmpty || found == 0 { return claimed.sorted { $0.token < $1.token } }
        }
        throw .unavailable(reason: "others were faster \(rounds) times in taking jobs")
    }

    /// The statement of a claim; one that waits takes a single job.
    static func claimStatement(
        limit: Int, lease: Duration, _ selection: JobSelection, at time: QueueTime, isWaiting: Bool = false
    ) -> (sql: String, values: [PostgresValue]) {
        let last = [PostgresValue.integer(isWaiting ? 1 : Int64(limit)), .integer(lease.inMicroseconds)]
        return (
            claim(selection.order, isWaiting: isWaiting), parameters(selection) + [time.now, time.uptime] + last
        )
    }

    private static func read(_ row: PostgresRow) throws(StoreError) -> ClaimedJob? {
        guard row.text(1) != nil else { return nil }
        return ClaimedJob(
            id: try row.integer(1), kind: try row.required(2), payload: try row.required(3),
            priority: Int(try row.integer(4)), lane: try row.required(5), attempts: Int(try row.integer(6)),
            dueAt: StoredTime.date(try row.integer(7)), token: UInt64(clamping: try row.integer(8)))
    }

    /// See `JobQueueDriver.untilNextDue`.
    static func untilNextDue(
        _ selection: JobSelection, at time: QueueTime, on connection: PostgresConnection
    ) throws(StoreError) -> Duration? {
        let statement = nextDueStatement(selection, at: time)
        let wait = try connection.first(statement.sql, statement.values) { row in row.text(0) }
        return wait.flatMap { $0 }.flatMap { Int64($0) }.map { .microseconds($0) }
    }

    /// The statement that finds the next due time.
    static func nextDueStatement(
        _ selection: JobSelection, at time: QueueTime
    ) -> (sql: String, values: [PostgresValue]) {
        (nextDue, parameters(selection) + [time.now, time.uptime])
    }

    /// `$1` to `$4`: the kinds, the lanes with a number of places of their own, those numbers, the number for others.
    private static func parameters(_ selection: JobSelection) -> [PostgresValue] {
        let lanes = selection.placesLeft.sorted { $0.key < $1.key }
        return [
            selection.kinds.map { .texts($0.sorted()) } ?? .null, .texts(lanes.map(\.key)),
            .texts(lanes.map { String(max(0, $0.value)) }), .integer(Int64(max(0, selection.lanePlaces))),
        ]
    }

    /// When the job that waits longest became due; nil: none waits.
    static func oldestDue(on connection: PostgresConnection) throws(StoreError) -> Date? {
        let due = try connection.first(
            """
            WITH RECURSIVE \(pairs)
            SELECT min(front.due_at) FROM pairs CROSS JOIN LATERAL (
                SELECT due_at FROM jobs
                WHERE lane = pairs.lane AND priority = pairs.priority AND available_at IS NOT NULL AND state = 'ready'
                ORDER BY due_at LIMIT 1) AS front
            """
        ) { row in row.text(0) }
        return due.flatMap { $0 }.flatMap { Int64($0) }.map(StoredTime.date)
    }

    private static let pairs = """
        pairs AS (
            (SELECT lane, priority FROM jobs WHERE available_at IS NOT NULL ORDER BY lane, priority LIMIT 1)
            UNION ALL
            SELECT next.lane, next.priority FROM pairs CROSS JOIN LATERAL (
                SELECT lane, priority FROM jobs
                WHERE available_at IS NOT NULL AND (lane, priority) > (pairs.lane, pairs.priority)
                ORDER BY lane, priority LIMIT 1) AS next
        )
        """

    private static let groups = """
        \(pairs), groups AS MATERIALIZED (
            SELECT pairs.lane, pairs.priority, \(places("pairs.lane")) AS places FROM pairs
        )
        """

    private static func places(_ lane: String) -> String {
        """
        CASE WHEN \(lane) = '' THEN 9223372036854775807 ELSE coalesce(
            (SELECT own.places::bigint FROM unnest($2::text[], $3::text[]) AS own (lane, places)
             WHERE own.lane = \(lane)), $4::bigint) END
        """
    }

    /// `$5` and `$6` are the times, `$7` the limit, `$8` the lease.
    private static func claim(_ order: JobSelection.Order, isWaiting: Bool) -> String {
        let order = order == .urgency ? "priority, due_at, id" : "due_at, id"
        // What somebody else takes between the look and the lock has another token.
        return """
            WITH RECURSIVE \(groups), fronts AS (
                SELECT front.*, groups.places FROM groups CROSS JOIN LATERAL (
                    SELECT id, lane, priority, due_at, state, token, available_at FROM jobs
                    WHERE lane = groups.lane AND priority = groups.priority AND available_at IS NOT NULL
                        AND due_at <= \(QueueTime.now(5))
                        AND (state = 'ready' OR available_at <= \(QueueTime.uptime(6)))
                        AND ($1::text[] IS NULL OR kind = ANY ($1::text[]))
                    ORDER BY due_at, id LIMIT least($7::bigint, groups.places)) AS front
                WHERE groups.places > 0
            ), ranked AS (
                SELECT *, row_number() OVER (PARTITION BY lane ORDER BY \(order)) AS place FROM fronts
            ), chosen AS MATERIALIZED (
                SELECT id, state, token, available_at, row_number() OVER (ORDER BY \(order)) AS rank
                FROM ranked WHERE place <= places ORDER BY \(order) LIMIT $7::bigint
            ), locked AS MATERIALIZED (
                SELECT jobs.id, chosen.rank FROM jobs JOIN chosen ON chosen.id = jobs.id
                WHERE jobs.token = chosen.token AND jobs.state = chosen.state
                    AND jobs.available_at = chosen.available_at
                FOR UPDATE OF jobs\(isWaiting ? "" : " SKIP LOCKED")
            ), numbered AS MATERIALIZED (
                SELECT id, nextval('job_fence') AS token FROM (SELECT id FROM locked ORDER BY rank) AS ordered
            ), claimed AS (
                UPDATE jobs SET state = 'claimed', attempts = attempts + 1, token = numbered.token,
                    available_at = \(QueueTime.uptime(6)) + $8::bigint
                FROM numbered WHERE jobs.id = numbered.id
                RETURNING jobs.id, kind, payload, priority, lane, attempts, due_at, jobs.token
            )
            SELECT (SELECT count(*) FROM chosen), claimed.*
            FROM (SELECT 1) AS one LEFT JOIN claimed ON true
            """
    }

    /// `$5` and `$6` are the times.
    private static let nextDue = """
        WITH RECURSIVE \(groups)
        SELECT min(wait) FROM (
            SELECT greatest(front.due_at, 0) - \(QueueTime.now(5)) AS wait
            FROM groups CROSS JOIN LATERAL (
                SELECT due_at FROM jobs
                WHERE lane = groups.lane AND priority = groups.priority AND available_at IS NOT NULL
                    AND state = 'ready' AND ($1::text[] IS NULL OR kind = ANY ($1::text[]))
                ORDER BY due_at LIMIT 1) AS front
            WHERE groups.places > 0
            UNION ALL
            SELECT greatest(available_at - \(QueueTime.uptime(6)), greatest(due_at, 0) - \(QueueTime.now(5)))
            FROM jobs
            WHERE state = 'claimed' AND ($1::text[] IS NULL OR kind = ANY ($1::text[])) AND \(places("jobs.lane")) > 0
        ) AS waits
        """
}
