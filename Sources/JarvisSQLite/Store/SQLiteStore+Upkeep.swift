// SPDX-License-Identifier: Apache-2.0

package import JarvisCore

extension SQLiteStore: StoreUpkeep {
    package func probeWrite() async throws(StoreError) {
        // A new value, because SQLite writes no page that would hold what it holds already: the next token is higher,
        // and nothing else is asked of it.
        try await database.writer.write { connection throws(StoreError) in
            try JobRows.advanceFence(by: 1, on: connection)
        }
    }

    package func load() async throws(StoreError) -> StoreLoad {
        try await database.reader.read { connection throws(StoreError) in
            func count(_ sql: String) throws(StoreError) -> Int { Int(try connection.integer(sql) ?? 0) }
            return StoreLoad(
                depths: try JobRows.depths(on: connection), oldestDue: try JobRows.oldestDue(on: connection),
                openIncidents: try count("SELECT count(*) FROM incidents WHERE closed_at IS NULL"),
                databaseBytes: try count("PRAGMA page_count") * count("PRAGMA page_size"))
        }
    }

    package func statistics() async throws(StoreError) -> StoreStatistics {
        try await database.reader.read { connection throws(StoreError) in
            func count(_ sql: String) throws(StoreError) -> Int { Int(try connection.integer(sql) ?? 0) }
            return StoreStatistics(
                deliveries: try count("SELECT count(*) FROM deliveries"),
                rejectedAlerts: try count("SELECT count(*) FROM rejected_alerts"),
                alerts: try count("SELECT count(*) FROM alerts"),
                incidents: try count("SELECT count(*) FROM incidents"),
                openIncidents: try count("SELECT count(*) FROM incidents WHERE closed_at IS NULL"),
                timelineEntries: try count("SELECT count(*) FROM timeline"),
                pendingIntents: try count("SELECT count(*) FROM intents WHERE receipt IS NULL"),
                databaseBytes: try count("PRAGMA page_count") * count("PRAGMA page_size"))
        }
    }
}
