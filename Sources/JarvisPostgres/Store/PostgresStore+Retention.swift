// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import JarvisCore
import JarvisStore

extension PostgresStore {
    /// Removes deliveries that were received before `time` and have been taken in; how many.
    ///
    /// Months that ended before `time` go as a whole, with their partitions; of all others at most `limit` deliveries
    /// go, so that new ones need not wait long: call it again while that many are removed. Those whose intake is
    /// still to be done, or was given up, stay, and keep their month.
    package func pruneDeliveries(before time: Date, limit: Int = 500) async throws(StoreError) -> Int {
        let end = StoredTime.microseconds(time)
        let months = try await oldMonths(of: "deliveries", before: end)
        var dropped = 0
        for month in months { dropped += try await drop(month) }
        return try await dropped + pruneRows(before: end, limit: limit)
    }

    /// See `StoreUpkeep.pruneIncidents`; partitions of the timeline that are empty then and over go, too.
    package func pruneIncidents(before time: Date, limit: Int = 500) async throws(StoreError) -> Int {
        let end = StoredTime.microseconds(time)
        let count = try await database.pool.transaction { connection throws(StoreError) in
            let old = try connection.rows(
                """
                SELECT id FROM incidents
                WHERE opened_at < $1 AND closed_at < $1 AND NOT EXISTS (
                    SELECT 1 FROM alerts WHERE alerts.incident = incidents.id AND alerts.written_at >= $1)
                ORDER BY opened_at LIMIT $2 FOR UPDATE SKIP LOCKED
                """, [.integer(end), .integer(Int64(max(0, limit)))]
            ) { row throws(StoreError) in try row.required(0) }
            guard !old.isEmpty else { return 0 }
            connection.run("DELETE FROM intents WHERE incident = ANY ($1::uuid[])", [.texts(old)])
            connection.run("DELETE FROM alerts WHERE incident = ANY ($1::uuid[])", [.texts(old)])
            connection.run("DELETE FROM incidents WHERE id = ANY ($1::uuid[])", [.texts(old)])
            return old.count
        }
        for month in try await oldMonths(of: "timeline", before: end) { try await dropEmptyTimeline(month) }
        return count
    }

    /// See `StoreUpkeep.pruneAlerts`.
    package func pruneAlerts(before time: Date, limit: Int = 500) async throws(StoreError) -> Int {
        try await database.pool.transaction { connection throws(StoreError) in
            try connection.affected(
                """
                DELETE FROM alerts WHERE (fingerprint, labels_digest) IN (
                    SELECT fingerprint, labels_digest FROM alerts WHERE incident IS NULL AND written_at < $1
                    ORDER BY written_at LIMIT $2 FOR UPDATE SKIP LOCKED)
                """, [.integer(StoredTime.microseconds(time)), .integer(Int64(max(0, limit)))])
        }
    }

    private func dropEmptyTimeline(_ month: String) async throws(StoreError) {
        try await database.pool.transaction { connection throws(StoreError) in
            connection.run(DatabaseLock.partitions.take)
            let exists = try connection.first(
                "SELECT to_regclass('jarvis.timeline_' || $1) IS NOT NULL", [.text(month)]
            ) {
                row in row.text(0) == "t"
            }
            guard exists == true else { return }
            // As above.
            connection.run("LOCK TABLE timeline_\(month) IN ACCESS EXCLUSIVE MODE")
            let isEmpty = try connection.first("SELECT NOT EXISTS (SELECT 1 FROM timeline_\(month))") {
                row in row.text(0) == "t"
            }
            if isEmpty == true { connection.run("DROP TABLE timeline_\(month)") }
        }
    }

    private func pruneRows(before end: Int64, limit: Int) async throws(StoreError) -> Int {
        try await database.pool.transaction { connection throws(StoreError) in
            let needed = try Self.neededDeliveries(on: connection)
            let gone = try connection.rows(
                """
                DELETE FROM deliveries WHERE id IN (
                    SELECT id FROM deliveries WHERE received_at < $1 AND id <> ALL ($2::uuid[])
                    ORDER BY received_at LIMIT $3)
                RETURNING id
                """,
                [.integer(end), .texts(needed), .integer(Int64(max(0, limit)))]
            ) { row throws(StoreError) in try row.required(0) }
            if !gone.isEmpty {
                connection.run("DELETE FROM rejected_alerts WHERE delivery = ANY ($1::uuid[])", [.texts(gone)])
            }
            return gone.count
        }
    }

    /// The suffixes of the partitions of a table that ended before a time.
    private func oldMonths(of table: String, before end: Int64) async throws(StoreError) -> [String] {
        try await database.pool.statements { connection throws(StoreError) in
            try connection.rows(
                """
                SELECT right(child.relname, 7) FROM pg_inherits
                JOIN pg_class AS child ON child.oid = inhrelid
                WHERE inhparent = to_regclass('jarvis.' || $1) AND child.relname ~ '_[0-9]{4}_[0-9]{2}$'
                    AND to_date(right(child.relname, 7), 'YYYY_MM') + interval '1 month'
                        <= to_timestamp($2::bigint / 1000000.0) AT TIME ZONE 'UTC'
                ORDER BY 1
                """, [.text(table), .integer(end)]
            ) { row throws(StoreError) in try row.required(0) }
        }
    }

    /// Drops the deliveries of a month, unless one of them is still needed; how many they were.
    private func drop(_ month: String) async throws(StoreError) -> Int {
        try await database.pool.transaction { connection throws(StoreError) in
            connection.run(DatabaseLock.partitions.take)
            let exists = try connection.first(
                "SELECT to_regclass('jarvis.deliveries_' || $1) IS NOT NULL", [.text(month)]
            ) {
                row in row.text(0) == "t"
            }
            guard exists == true else { return 0 }
            // Nothing may come in between the look and the end. Only what `oldMonths` matched gets here: digits and a line.
            connection.run("LOCK TABLE deliveries_\(month) IN ACCESS EXCLUSIVE MODE")
            let needed = try Self.neededDeliveries(on: connection)
            let counts = try connection.first(
                "SELECT count(*), count(*) FILTER (WHERE id = ANY ($1::uuid[])) FROM deliveries_\(month)",
                [.texts(needed)]
            ) { row throws(StoreError) in (all: Int(try row.integer(0)), needed: Int(try row.integer(1))) }
            guard let counts, counts.needed == 0 else { return 0 }
            connection.run("DROP TABLE deliveries_\(month)")
            connection.run("DROP TABLE IF EXISTS rejected_alerts_\(month)")
            return counts.all
        }
    }

    /// The ids of deliveries whose intake is still to be done, or was given up.
    private static func neededDeliveries(on connection: PostgresConnection) throws(StoreError) -> [String] {
        try connection.rows("SELECT payload FROM jobs WHERE kind = 'intake'") { row throws(StoreError) in
            try StoredDelivery.id(ofIntake: try row.required(0)).description
        }
    }
}
