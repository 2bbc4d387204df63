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
            let needed = try connection.rows("SELECT payload FROM jobs WHERE kind = 'intake'") {
                row throws(StoreError) in try StoredDelivery.id(ofIntake: try row.required(0))
            }
            try connection.run(
                """
                DELETE FROM deliveries WHERE id IN (
                    SELECT id FROM deliveries
                    WHERE received_at < ?1 AND id NOT IN (SELECT value FROM json_each(?2))
                    ORDER BY received_at LIMIT ?3)
                """,
                [
                    .integer(StoredTime.microseconds(time)),
                    .text(try StoredJSON.text(needed, of: "deliveries that are needed")),
                    .integer(Int64(max(0, limit))),
                ])
            let removed = connection.changes
            if removed > 0 { try connection.execute("PRAGMA incremental_vacuum(1000)") }
            return removed
        }
    }
}
