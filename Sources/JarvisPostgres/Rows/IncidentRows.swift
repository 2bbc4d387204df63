// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import JarvisStore

/// The rows of one incident.
enum IncidentRows {
    private static let columns = """
        version = $2, opened_at = $3, closed_at = $4, phase = $5, outcome = $6, title = $7, target = $8, json = $9,
        pattern = $10, failed = $11, silence_work = $12
        """

    /// Writes it over the version before it.
    ///
    /// `versionConflict` when that is not the one stored, also when somebody else writes it at this moment, or when
    /// another incident about the target is open.
    static func write(_ stored: StoredIncident, _ withdrawal: Withdrawal?, on connection: PostgresConnection) {
        let incident = stored.incident
        let id = PostgresValue.text(incident.id.description)
        let sql =
            incident.version == 1
            ? """
            INSERT INTO incidents
                (id, version, opened_at, closed_at, phase, outcome, title, target, json, pattern, failed, silence_work)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO NOTHING
            """
            : "UPDATE incidents SET \(columns) WHERE id = $1 AND version = $2 - 1"
        let values: [PostgresValue] = [
            id, .integer(Int64(incident.version)), .integer(StoredTime.microseconds(incident.openedAt)),
            .optional(stored.closing.map { StoredTime.microseconds($0.at) }), .text(incident.phase.name),
            .optional(stored.closing?.outcome.rawValue), .text(incident.title),
            .optional(stored.target.map(IndexedText.key)), .text(stored.json),
            .optional(incident.plan.map { IndexedText.key($0.pattern) }),
            .text(incident.isFailedRepair ? "t" : "f"), .text(incident.hasSilenceWork ? "t" : "f"),
        ]
        connection.run(sql, values) { result throws(StoreError) in
            guard result.affected == 1 else { throw .versionConflict }
        }
        connection.run(
            "INSERT INTO incident_alerts (incident, fingerprint) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING",
            [id, .texts(incident.members.map(\.alert.fingerprint.description))])
        guard let withdrawal else { return }
        connection.run(
            "INSERT INTO withdrawals (incident, number, at, pattern, target) VALUES ($1, $2, $3, $4, $5)",
            [
                id, .integer(Int64(withdrawal.number)), .integer(StoredTime.microseconds(withdrawal.at)),
                .optional(withdrawal.pattern.map(IndexedText.key)), .optional(stored.target.map(IndexedText.key)),
            ])
    }

    /// See `IncidentStore.incidents`.
    static func newest(
        openOnly: Bool, limit: Int, on connection: PostgresConnection
    ) throws(StoreError) -> [Incident] {
        try connection.rows(
            openOnly
                ? "SELECT id, json FROM incidents WHERE closed_at IS NULL ORDER BY opened_at DESC, id DESC LIMIT $1"
                : "SELECT id, json FROM incidents ORDER BY opened_at DESC, id DESC LIMIT $1",
            [.integer(Int64(max(0, limit)))]
        ) { row throws(StoreError) in
            try StoredJSON.value(Incident.self, try row.required(1), of: "incident \(try row.required(0))")
        }
    }
}
