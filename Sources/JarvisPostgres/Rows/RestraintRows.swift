// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisStore

/// Holds, and what limits across incidents count.
enum RestraintRows {
    /// Throws `restrained` when a hold or a limit keeps this intent back; part of the transaction that writes it.
    ///
    /// From here to the end of the transaction nobody else writes an intent or places a hold, on any replica.
    static func check(_ intent: Intent, _ limits: BlastRadius?, on connection: PostgresConnection) throws(StoreError) {
        connection.run(DatabaseLock.intents.take)
        let now = intent.recordedAt
        try RestraintCheck.check(intent, holds: try holds(at: now, on: connection))
        guard let limits else { return }
        let counts = try counts(on: intent.action.target, since: RestraintCheck.since(intent), at: now, on: connection)
        try RestraintCheck.check(intent, limits: limits, counts: counts)
    }

    /// The same for a change of a service's API, which holds for everywhere alone keep back.
    static func check(_ intent: APIIntent, on connection: PostgresConnection) throws(StoreError) {
        connection.run(DatabaseLock.intents.take)
        try RestraintCheck.check(intent, holds: try holds(at: intent.recordedAt, on: connection))
    }

    static func holds(at now: Date, on connection: PostgresConnection) throws(StoreError) -> [Hold] {
        try connection.rows(
            "SELECT json FROM holds WHERE until IS NULL OR until > $1 ORDER BY since, mode, host",
            [.integer(StoredTime.microseconds(now))]
        ) { row throws(StoreError) in try StoredJSON.value(Hold.self, try row.required(0), of: "a hold") }
    }

    static func counts(
        on target: Target, since: Date, at now: Date, on connection: PostgresConnection
    ) throws(StoreError) -> StepCounts {
        // What ended for Jarvis alone (the connection or this process was lost) may run on the host until its deadline.
        let counts = try connection.first(
            """
            SELECT count(*), count(*) FILTER (WHERE host = $2), count(*) FILTER (WHERE target = $3),
                count(*) FILTER (WHERE host = $2 AND (receipt IS NULL OR (is_unknown AND ends_at > $4)))
            FROM intents WHERE recorded_at > $1 AND host <> ''
            """,
            [
                .integer(StoredTime.microseconds(since)), .text(target.host.text),
                .text(IndexedText.key(target.storedKey)), .integer(StoredTime.microseconds(now)),
            ]
        ) { row throws(StoreError) in
            var found = StepCounts(
                total: Int(try row.integer(0)), onHost: Int(try row.integer(1)), onTarget: Int(try row.integer(2)))
            found.runningOnHost = Int(try row.integer(3))
            return found
        }
        return counts ?? StepCounts()
    }
}
