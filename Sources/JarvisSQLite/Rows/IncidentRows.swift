// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import JarvisStore

/// The rows of one incident.
enum IncidentRows {
    /// Writes it over the version before it.
    ///
    /// Throws `versionConflict` when that is not the one stored, or when another incident about the target is open.
    static func write(
        _ stored: StoredIncident, _ withdrawal: Withdrawal? = nil, on connection: SQLiteConnection
    ) throws(StoreError) {
        let incident = stored.incident
        let target = stored.target
        let closing = stored.closing
        let id = SQLiteValue.text(incident.id.description)
        let version = try connection.integer("SELECT version FROM incidents WHERE id = ?1", [id])
        guard Int64(incident.version) == (version ?? 0) + 1 else { throw .versionConflict }
        if !incident.phase.isClosed, let target {
            let other = try connection.integer(
                "SELECT 1 FROM incidents WHERE target = ?1 AND closed_at IS NULL AND id <> ?2", [.text(target), id])
            guard other == nil else { throw .versionConflict }
        }
        try connection.run(
            """
            INSERT INTO incidents (id, version, opened_at, closed_at, phase, outcome, title, target, json, pattern, failed,
                silence_work)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
            ON CONFLICT (id) DO UPDATE SET version = excluded.version, opened_at = excluded.opened_at,
                closed_at = excluded.closed_at, phase = excluded.phase, outcome = excluded.outcome,
                title = excluded.title, target = excluded.target, json = excluded.json,
                pattern = excluded.pattern, failed = excluded.failed, silence_work = excluded.silence_work
            """,
            [
                id, .integer(Int64(incident.version)), .integer(StoredTime.microseconds(incident.openedAt)),
                .optional(closing.map { StoredTime.microseconds($0.at) }), .text(incident.phase.name),
                .optional(closing?.outcome.rawValue), .text(incident.title), .optional(target), .text(stored.json),
                .optional(incident.plan?.pattern), .integer(incident.isFailedRepair ? 1 : 0),
                .integer(incident.hasSilenceWork ? 1 : 0),
            ])
        for member in incident.members {
            try connection.run(
                "INSERT OR IGNORE INTO incident_alerts (incident, fingerprint) VALUES (?1, ?2)",
                [id, .text(member.alert.fingerprint.description)])
        }
        guard let withdrawal else { return }
        try connection.run(
            "INSERT INTO withdrawals (incident, number, at, pattern, target) VALUES (?1, ?2, ?3, ?4, ?5)",
            [
                id, .integer(Int64(withdrawal.number)), .integer(StoredTime.microseconds(withdrawal.at)),
                .optional(withdrawal.pattern), .optional(target),
            ])
    }

    /// See `IncidentStore.incidents`.
    static func newest(
        openOnly: Bool, limit: Int, on connection: SQLiteConnection
    ) throws(StoreError) -> [Incident] {
        try connection.rows(
            openOnly
                ? "SELECT id, json FROM incidents WHERE closed_at IS NULL ORDER BY opened_at DESC, id DESC LIMIT ?1"
                : "SELECT id, json FROM incidents ORDER BY opened_at DESC, id DESC LIMIT ?1",
            [.integer(Int64(max(0, limit)))]
        ) { row throws(StoreError) in
            try StoredJSON.value(Incident.self, try row.required(1), of: "incident \(try row.required(0))")
        }
    }
}
