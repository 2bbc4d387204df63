// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore

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
        let sequence = row.integer(0)
        guard let incident = IncidentID(try row.required(1)) else {
            throw .corrupt(what: "incident of timeline entry \(sequence)")
        }
        let json = try row.required(2)
        let entry = try StoredJSON.value(TimelineEntry.self, json, of: "timeline entry \(sequence)")
        return NumberedTimelineEntry(sequence: sequence, incident: incident, entry: entry)
    }
}
