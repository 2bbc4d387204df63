// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisStore

/// Holds, and what limits across incidents count.
enum RestraintRows {
    /// Throws `restrained` when a hold or a limit keeps this intent back; part of the transaction that writes it.
    static func check(_ intent: Intent, _ limits: BlastRadius?, on connection: SQLiteConnection) throws(StoreError) {
        let now = intent.recordedAt
        try RestraintCheck.check(intent, holds: try holds(at: now, on: connection))
        guard let limits else { return }
        let counts = try counts(
            on: intent.action.target, since: RestraintCheck.since(intent), at: now, on: connection)
        try RestraintCheck.check(intent, limits: limits, counts: counts)
    }

    /// The same for a change of a service's API, which holds for everywhere alone keep back.
    static func check(_ intent: APIIntent, on connection: SQLiteConnection) throws(StoreError) {
        try RestraintCheck.check(intent, holds: try holds(at: intent.recordedAt, on: connection))
    }

    static func holds(at now: Date, on connection: SQLiteConnection) throws(StoreError) -> [Hold] {
        try connection.rows(
            "SELECT json FROM holds WHERE until IS NULL OR until > ?1 ORDER BY since, mode, host",
            [.integer(StoredTime.microseconds(now))]
        ) { row throws(StoreError) in try StoredJSON.value(Hold.self, try row.required(0), of: "a hold") }
    }

    static func counts(
        on target: Target, since: Date, at now: Date, on connection: SQLiteConnection
    ) throws(StoreError) -> StepCounts {
        let host = SQLiteValue.text(target.host.text)
        let key = SQLiteValue.text(target.storedKey)
        let counts = try connection.first(
            """
            SELECT count(*), coalesce(sum(host = ?2), 0), coalesce(sum(target = ?3), 0)
            FROM intents WHERE recorded_at > ?1 AND host <> ''
            """,
            [.integer(StoredTime.microseconds(since)), host, key]
        ) { row throws(StoreError) in
            StepCounts(
                total: Int(row.integer(0)), onHost: Int(row.integer(1)), onTarget: Int(row.integer(2)))
        }
        var found = counts ?? StepCounts()
        // What ended for Jarvis alone (the connection or this process was lost) may run on the host until its deadline.
        found.runningOnHost = Int(
            try connection.integer(
                """
                SELECT count(*) FROM intents WHERE host = ?1 AND recorded_at > ?2 AND (receipt IS NULL
                    OR (json_type(receipt, '$.ending.unknown') IS NOT NULL
                        AND recorded_at + json_extract(json, '$.remoteDeadlineSeconds') * 1000000 > ?3))
                """,
                [host, .integer(StoredTime.microseconds(since)), .integer(StoredTime.microseconds(now))]) ?? 0)
        return found
    }
}
