// SPDX-License-Identifier: Apache-2.0

package import JarvisCore

extension PostgresStore: StoreUpkeep {
    package func probeWrite() async throws(StoreError) {
        try await database.pool.transaction { connection throws(StoreError) in
            connection.run("SELECT pg_logical_emit_message(true, 'jarvis', 'probe')")
        }
    }

    package func load() async throws(StoreError) -> StoreLoad {
        try await database.pool.statements { connection throws(StoreError) in
            let depths = try JobRows.depths(on: connection)
            let oldestDue = try JobSelectionRows.oldestDue(on: connection)
            let counts = try connection.first(
                """
                SELECT (SELECT count(*) FROM incidents WHERE closed_at IS NULL), pg_database_size(current_database())
                """
            ) { row throws(StoreError) in (open: Int(try row.integer(0)), bytes: Int(try row.integer(1))) }
            return StoreLoad(
                depths: depths, oldestDue: oldestDue, openIncidents: counts?.open ?? 0,
                databaseBytes: counts?.bytes ?? 0)
        }
    }

    package func statistics() async throws(StoreError) -> StoreStatistics {
        try await database.pool.statements { connection throws(StoreError) in
            let found = try connection.first(
                """
                SELECT (SELECT count(*) FROM deliveries), (SELECT count(*) FROM rejected_alerts),
                    (SELECT count(*) FROM alerts), (SELECT count(*) FROM incidents),
                    (SELECT count(*) FROM incidents WHERE closed_at IS NULL), (SELECT count(*) FROM timeline),
                    (SELECT count(*) FROM intents WHERE receipt IS NULL), pg_database_size(current_database())
                """
            ) { row throws(StoreError) in
                StoreStatistics(
                    deliveries: Int(try row.integer(0)), rejectedAlerts: Int(try row.integer(1)),
                    alerts: Int(try row.integer(2)), incidents: Int(try row.integer(3)),
                    openIncidents: Int(try row.integer(4)), timelineEntries: Int(try row.integer(5)),
                    pendingIntents: Int(try row.integer(6)), databaseBytes: Int(try row.integer(7)))
            }
            guard let found else { throw .corrupt(what: "nothing was counted") }
            return found
        }
    }
}
