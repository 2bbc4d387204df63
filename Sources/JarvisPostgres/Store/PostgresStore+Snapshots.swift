// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import JarvisCore
import JarvisStore

extension PostgresStore: SnapshotStore {
    package func snapshot(before intent: IntentID) async throws(StoreError) -> SealedSnapshot? {
        try await database.pool.statements { connection throws(StoreError) in
            try connection.first(
                "SELECT json FROM snapshots WHERE intent = $1", [.text(intent.description)], SnapshotRows.read)
        }
    }

    package func snapshots(of incident: IncidentID?, limit: Int) async throws(StoreError) -> [SealedSnapshot] {
        try await database.pool.statements { connection throws(StoreError) in
            let limit = PostgresValue.integer(Int64(max(0, limit)))
            guard let incident else {
                return try connection.rows(
                    "SELECT json FROM snapshots ORDER BY taken_at DESC, intent DESC LIMIT $1", [limit],
                    SnapshotRows.read)
            }
            return try connection.rows(
                "SELECT json FROM snapshots WHERE incident = $1 ORDER BY taken_at DESC, intent DESC LIMIT $2",
                [.text(incident.description), limit], SnapshotRows.read)
        }
    }

    /// See `StoreUpkeep.pruneSnapshots`.
    package func pruneSnapshots(before time: Date, limit: Int = 500) async throws(StoreError) -> Int {
        try await database.pool.transaction { connection throws(StoreError) in
            try connection.affected(
                """
                DELETE FROM snapshots WHERE intent IN (
                    SELECT intent FROM snapshots WHERE taken_at < $1 ORDER BY taken_at LIMIT $2 FOR UPDATE SKIP LOCKED)
                """, [.integer(StoredTime.microseconds(time)), .integer(Int64(max(0, limit)))])
        }
    }
}
