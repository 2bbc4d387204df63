// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore

/// Holds, and what limits across incidents count.
enum RestraintRows {
    /// Throws `restrained` when a hold or a limit keeps this intent back; part of the transaction that writes it.
    static func check(_ intent: Intent, _ limits: BlastRadius?, on connection: SQLiteConnection) throws(StoreError) {
        let target = intent.action.target
        let now = intent.recordedAt
        let holds = try holds(at: now, on: connection).filter { $0.applies(to: target.host, at: now) }
        // A pause says "wait" and comes before a dry run, which ends the incident.
        if let hold = holds.first(where: { $0.mode == .pause }) ?? holds.first { throw .restrained(.held(hold)) }
        guard let limits else { return }
        let since = now.addingTimeInterval(-BlastRadius.window)
        let counts = try counts(on: target, since: since, at: now, on: connection)
        if let restraint = limits.restraint(on: target, counts) { throw .restrained(restraint) }
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
        let key = SQLiteValue.text(IncidentRows.key(of: target))
        let counts = try connection.first(
            """
            SELECT count(*), coalesce(sum(host = ?2), 0), coalesce(sum(target = ?3), 0)
            FROM intents WHERE recorded_at > ?1 AND host IS NOT NULL
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
