// SPDX-License-Identifier: Apache-2.0

import FaultPoints
package import FoundationEssentials
package import JarvisCore
import JarvisStore

extension SQLiteStore: SnapshotStore {
    package func snapshot(before intent: IntentID) async throws(StoreError) -> SealedSnapshot? {
        try await database.reader.read { connection throws(StoreError) in
            try connection.first(
                "SELECT json FROM snapshots WHERE intent = ?1", [.text(intent.description)], SnapshotRows.read)
        }
    }

    package func snapshots(of incident: IncidentID?, limit: Int) async throws(StoreError) -> [SealedSnapshot] {
        try await database.reader.read { connection throws(StoreError) in
            let limit = SQLiteValue.integer(Int64(max(0, limit)))
            guard let incident else {
                return try connection.rows(
                    "SELECT json FROM snapshots ORDER BY taken_at DESC, intent DESC LIMIT ?1", [limit],
                    SnapshotRows.read)
            }
            return try connection.rows(
                """
                SELECT json FROM snapshots WHERE incident = ?1 ORDER BY taken_at DESC, intent DESC LIMIT ?2
                """, [.text(incident.description), limit], SnapshotRows.read)
        }
    }

    /// See `StoreUpkeep.pruneSnapshots`; freed pages go back to the file system.
    package func pruneSnapshots(before time: Date, limit: Int = 500) async throws(StoreError) -> Int {
        if FaultPoint.fails("retention.snapshots.before") { throw .unavailable(reason: "injected") }
        return try await database.writer.write { connection throws(StoreError) in
            try connection.run(
                """
                DELETE FROM snapshots WHERE intent IN (
                    SELECT intent FROM snapshots WHERE taken_at < ?1 ORDER BY taken_at LIMIT ?2)
                """, [.integer(StoredTime.microseconds(time)), .integer(Int64(max(0, limit)))])
            let removed = connection.changes
            if removed > 0 { try connection.execute("PRAGMA incremental_vacuum(1000)") }
            return removed
        }
    }
}
