// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisStore

/// Lines of history.
enum TimelineRows {
    /// See `IncidentStore.timeline`.
    static func load(
        of incident: IncidentID?, after sequence: Int64, limit: Int, on connection: SQLiteConnection
    ) throws(StoreError) -> [NumberedTimelineEntry] {
        let place: [SQLiteValue] = [.integer(sequence), .integer(Int64(max(0, limit)))]
        guard let incident else {
            return try connection.rows(
                "SELECT sequence, incident, json FROM timeline WHERE sequence > ?1 ORDER BY sequence LIMIT ?2",
                place, read)
        }
        return try connection.rows(
            """
            SELECT sequence, incident, json FROM timeline
            WHERE incident = ?3 AND sequence > ?1 ORDER BY sequence LIMIT ?2
            """,
            place + [.text(incident.description)], read)
    }

    private static func read(_ row: SQLiteRow) throws(StoreError) -> NumberedTimelineEntry {
        try StoredTimelineEntry.value(row.integer(0), incident: try row.required(1), json: try row.required(2))
    }
}
