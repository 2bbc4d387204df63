// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import JarvisStore

/// Lines of history.
enum TimelineRows {
    /// Writes them at the end of everything that was written before.
    ///
    /// From here to the end of the transaction nobody else writes one, so that the order of numbers is the order in
    /// which readers see them.
    static func append(_ stored: StoredChange, on connection: PostgresConnection) {
        guard let incident = stored.change.incident, !stored.entries.isEmpty else { return }
        connection.run(DatabaseLock.timeline.take)
        for (entry, json) in zip(stored.change.entries, stored.entries) {
            connection.run(
                "INSERT INTO timeline (incident, at, json) VALUES ($1, $2, $3)",
                [
                    .text(incident.id.description), .integer(StoredTime.microseconds(entry.at)), .text(json),
                ])
        }
    }

    /// See `IncidentStore.timeline`.
    static func load(
        of incident: IncidentID?, after sequence: Int64, limit: Int, on connection: PostgresConnection
    ) throws(StoreError) -> [NumberedTimelineEntry] {
        let place: [PostgresValue] = [.integer(sequence), .integer(Int64(max(0, limit)))]
        guard let incident else {
            return try connection.rows(
                "SELECT sequence, incident, json FROM timeline WHERE sequence > $1 ORDER BY sequence LIMIT $2",
                place, read)
        }
        return try connection.rows(
            """
            SELECT sequence, incident, json FROM timeline
            WHERE incident = $3 AND sequence > $1 ORDER BY sequence LIMIT $2
            """,
            place + [.text(incident.description)], read)
    }

    private static func read(_ row: PostgresRow) throws(StoreError) -> NumberedTimelineEntry {
        try StoredTimelineEntry.value(
            try row.integer(0), incident: try row.required(1), json: try row.required(2))
    }
}
