// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import JarvisCore
import JarvisStore

extension PostgresStore: RepairableStore {
    package func answer(writing: Bool, at now: Date) async throws(StoreError) -> [Hold] {
        let holds = try await holds(at: now)
        if writing { try await probeWrite() }
        return holds
    }

    package func tell(_ attempt: IntentID, _ records: [AuditRecord]) async throws(StoreError) {
        let stored = try StoredAudit(records)
        let isNew = try await database.pool.transaction { connection throws(StoreError) in
            let inserted = try connection.affected(
                "INSERT INTO store_repairs (id, told_at) VALUES ($1, \(ServerTime.sql(2))) ON CONFLICT DO NOTHING",
                [.text(attempt.description), .null])
            guard inserted == 1 else { return false }
            try AuditRows.append(stored, on: connection)
            return true
        }
        if isNew { stored.events.forEach(onAudited) }
    }
}
