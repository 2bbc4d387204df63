// SPDX-License-Identifier: Apache-2.0

import FaultPoints
package import FoundationEssentials
package import JarvisCore
import JarvisStore

extension SQLiteStore {
    /// Removes deliveries that were received before `time` and have been taken in; how many.
    ///
    /// At most `limit` of them, so that new deliveries need not wait long: call it again while that many are removed.
    /// Those whose intake is still to be done, or was given up, stay. Freed pages go back to the file system.
    package func pruneDeliveries(before time: Date, limit: Int = 500) async throws(StoreError) -> Int {
        if FaultPoint.fails("retention.prune.before") { throw .unavailable(reason: "injected") }
        return try await database.writer.write { connection throws(StoreError) in
            // Few: what workers hold, and what was given up. What waits is asked for one by one, it may be a storm.
            var needed: [DeliveryID] = []
            for sql in Self.neededPayloads {
                needed += try connection.rows(sql) { row throws(StoreError) in
                    try StoredDelivery.id(ofIntake: try row.required(0))
                }
            }
            try connection.run(
                """
                DELETE FROM deliveries WHERE id IN (
                    SELECT id FROM deliveries
                    WHERE received_at < ?1 AND id NOT IN (SELECT value FROM json_each(?2)) AND NOT EXISTS (
                        SELECT 1 FROM jobs
                        WHERE kind = 'intake' AND payload = ?4 || deliveries.id || ?5 AND state = 'ready')
                    ORDER BY received_at LIMIT ?3)
                """,
                [
                    .integer(StoredTime.microseconds(time)),
                    .text(try StoredJSON.text(needed, of: "deliveries that are needed")),
                    .integer(Int64(max(0, limit))), .text(JobRequest.Work.intakeStart),
                    .text(JobRequest.Work.intakeEnd),
                ])
            let removed = connection.changes
            if removed > 0 { try connection.execute("PRAGMA incremental_vacuum(1000)") }
            return removed
        }
    }

    /// See `StoreUpkeep.pruneIncidents`; freed pages go back to the file system.
    package func pruneIncidents(before time: Date, limit: Int = 500) async throws(StoreError) -> Int {
        if FaultPoint.fails("retention.incidents.before") { throw .unavailable(reason: "injected") }
        return try await database.writer.write { connection throws(StoreError) in
            let old = try connection.rows(
                """
                SELECT id FROM incidents
                WHERE opened_at < ?1 AND closed_at < ?1 AND NOT EXISTS (
                    SELECT 1 FROM alerts INDEXED BY alerts_incident
                    WHERE alerts.incident = incidents.id AND alerts.written_at >= ?1)
                ORDER BY opened_at LIMIT ?2
                """, [.integer(StoredTime.microseconds(time)), .integer(Int64(max(0, limit)))]
            ) { row throws(StoreError) in try row.required(0) }
            for id in old {
                let incident: [SQLiteValue] = [.text(id)]
                try connection.run("DELETE FROM intents WHERE incident = ?1", incident)
                try connection.run("DELETE FROM alerts INDEXED BY alerts_incident WHERE incident = ?1", incident)
                try connection.run("DELETE FROM incidents WHERE id = ?1", incident)
            }
            if !old.isEmpty { try connection.execute("PRAGMA incremental_vacuum(1000)") }
            return old.count
        }
    }

    /// See `StoreUpkeep.pruneAlerts`; freed pages go back to the file system.
    package func pruneAlerts(before time: Date, limit: Int = 500) async throws(StoreError) -> Int {
        if FaultPoint.fails("retention.alerts.before") { throw .unavailable(reason: "injected") }
        return try await database.writer.write { connection throws(StoreError) in
            try connection.run(
                """
                DELETE FROM alerts WHERE (fingerprint, labels) IN (
                    SELECT fingerprint, labels FROM alerts INDEXED BY alerts_incident
                    WHERE incident IS NULL AND written_at < ?1 ORDER BY written_at LIMIT ?2)
                """, [.integer(StoredTime.microseconds(time)), .integer(Int64(max(0, limit)))])
            let removed = connection.changes
            if removed > 0 { try connection.execute("PRAGMA incremental_vacuum(1000)") }
            return removed
        }
    }

    private static let neededPayloads = [
        "SELECT payload FROM jobs INDEXED BY jobs_claimed WHERE kind = 'intake' AND state = 'claimed'",
        "SELECT payload FROM jobs INDEXED BY jobs_given_up WHERE kind = 'intake' AND available_at IS NULL",
    ]
}
