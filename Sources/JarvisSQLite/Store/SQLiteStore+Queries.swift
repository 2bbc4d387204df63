// SPDX-License-Identifier: Apache-2.0

package import JarvisCore
import JarvisStore

/// Questions beyond the ports, for tests and measurements.
extension SQLiteStore {
    /// The one incident whose id begins with `prefix`; nil when there is none or more than one.
    package func incident(idPrefix prefix: String) async throws(StoreError) -> Incident? {
        // Only characters of an id: nothing in it can be a wildcard, and the range below stays inside the index.
        guard !prefix.isEmpty, prefix.utf8.allSatisfy({ "0123456789abcdef-".utf8.contains($0) }) else { return nil }
        return try await database.reader.read { connection throws(StoreError) in
            let found = try connection.rows(
                "SELECT json FROM incidents WHERE id >= ?1 AND id < ?1 || 'g' LIMIT 2", [.text(prefix)]
            ) { row throws(StoreError) in try row.required(0) }
            guard found.count == 1, let json = found.first else { return nil }
            return try StoredJSON.value(Incident.self, json, of: "incident \(prefix)")
        }
    }

    /// The intents of an incident's steps with what came back, oldest first.
    package func intents(of incident: IncidentID) async throws(StoreError) -> [Incident.Attempt] {
        try await database.reader.read { connection throws(StoreError) in
            try connection.rows(
                "SELECT json, receipt FROM intents WHERE incident = ?1 AND host IS NOT '' ORDER BY recorded_at, id",
                [.text(incident.description)], IntentRows.read)
        }
    }

    /// The intents of steps without a receipt, oldest first: after a crash those of which nobody knows how they ended.
    package func pendingIntents() async throws(StoreError) -> [Intent] {
        try await database.reader.read { connection throws(StoreError) in
            try connection.rows(
                """
                SELECT json, receipt FROM intents INDEXED BY intents_pending WHERE receipt IS NULL AND host IS NOT ''
                ORDER BY recorded_at, id
                """, [], IntentRows.read)
        }.map(\.intent)
    }

    /// The alerts that could not be understood, newest first, at most `limit`, with the delivery they came in.
    package func rejectedAlerts(
        limit: Int
    ) async throws(StoreError) -> [(delivery: DeliveryID, alert: Delivery.Rejected)] {
        try await database.reader.read { connection throws(StoreError) in
            try connection.rows(
                "SELECT delivery, json FROM rejected_alerts ORDER BY sequence DESC LIMIT ?1",
                [.integer(Int64(max(0, limit)))]
            ) { row throws(StoreError) in
                guard let id = DeliveryID(try row.required(0)) else { throw .corrupt(what: "id of a rejected alert") }
                let json = try row.required(1)
                return (id, try StoredJSON.value(Delivery.Rejected.self, json, of: "rejected alert of \(id)"))
            }
        }
    }
}
