// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import JarvisCore
import JarvisStore

extension SQLiteStore: RestraintStore {
    package func holds(at now: Date) async throws(StoreError) -> [Hold] {
        try await database.reader.read { connection throws(StoreError) in
            try RestraintRows.holds(at: now, on: connection)
        }
    }

    package func place(_ hold: Hold) async throws(StoreError) {
        let json = try StoredJSON.text(hold, of: "a hold")
        let record = AuditRecord.placing(hold)
        try await database.writer.write { connection throws(StoreError) in
            try connection.run(
                """
                INSERT INTO holds (mode, host, since, until, json) VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT (mode, host) DO UPDATE SET since = excluded.since, until = excluded.until,
                    json = excluded.json
                """,
                [
                    .text(hold.mode.rawValue), .text(hold.host?.text ?? ""),
                    .integer(StoredTime.microseconds(hold.since)),
                    .optional(hold.until.map { StoredTime.microseconds($0) }), .text(json),
                ])
            try AuditRows.append(record, on: connection)
        }
        onAudited(record.event)
    }

    package func lift(
        _ mode: Hold.Mode, host: HostName?, by person: String, at now: Date
    ) async throws(StoreError) -> Bool {
        let record = AuditRecord.lifting(mode, host: host, by: person, at: now)
        let was = try await database.writer.write { connection throws(StoreError) in
            try connection.run(
                "DELETE FROM holds WHERE mode = ?1 AND host = ?2", [.text(mode.rawValue), .text(host?.text ?? "")])
            guard connection.changes > 0 else { return false }
            try AuditRows.append(record, on: connection)
            return true
        }
        if was { onAudited(record.event) }
        return was
    }

    package func trackRecord(pattern: String, target: Target, since: Date) async throws(StoreError) -> TrackRecord {
        try await database.reader.read { connection throws(StoreError) in
            let record = try connection.first(
                """
                SELECT count(*), coalesce(sum(pattern = ?2), 0), coalesce(sum(target = ?3), 0)
                FROM (
                    SELECT pattern, target FROM incidents WHERE failed = 1 AND closed_at > ?1
                    UNION ALL SELECT pattern, target FROM withdrawals WHERE at > ?1)
                """,
                [
                    .integer(StoredTime.microseconds(since)), .text(pattern), .text(target.storedKey),
                ]
            ) { row throws(StoreError) in
                TrackRecord(
                    ofPattern: Int(row.integer(1)), onTarget: Int(row.integer(2)),
                    inAll: Int(row.integer(0)))
            }
            return record ?? TrackRecord()
        }
    }

    package func stepCounts(on target: Target, since: Date) async throws(StoreError) -> StepCounts {
        try await database.reader.read { connection throws(StoreError) in
            try RestraintRows.counts(
                on: target, since: since, at: since.addingTimeInterval(BlastRadius.window), on: connection)
        }
    }
}
