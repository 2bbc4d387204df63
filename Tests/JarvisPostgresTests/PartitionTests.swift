// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import Foundation
import JarvisCore
import JarvisTestSupport
import Testing

@testable import JarvisPostgres

@Suite struct `Partitions by month` {
    private func partitions(_ table: String, _ database: PostgresDatabase) async throws -> [String] {
        try await database.pool.statements { connection throws(StoreError) in
            try connection.rows(
                """
                SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = $1::regclass ORDER BY 1
                """, [.text(table)]
            ) { row throws(StoreError) in try row.required(0) }
        }
    }

    @Test func `are made ahead for every table that grows, once`() async throws {
        try await withDatabase { settings in
            let database = try await PostgresDatabase(settings)
            for _ in 0..<2 {
                // The last day of a year: months go on into the next one.
                try await database.makePartitions(now: Date(timeIntervalSince1970: 1_735_689_599))
            }
            for table in PostgresDatabase.partitioned {
                let names = try await partitions(table, database)
                for month in ["2024_12", "2025_01", "2025_02", "other"] {
                    #expect(names.filter { $0 == "\(table)_\(month)" }.count == 1, "\(names)")
                }
                #expect(!names.contains("\(table)_2025_03"))
            }
            await database.close()
        }
    }

    @Test func `hold what happened in their month, and what is older stays in the one for everything else`()
        async throws
    {
        try await withDatabase { settings in
            let database = try await PostgresDatabase(settings)
            let store = PostgresStore(database)
            try await store.accept(StoreSamples.delivery(1, rejected: 1))
            try await database.makePartitions(now: StoreSamples.start)
            try await store.accept(StoreSamples.delivery(2, rejected: 1))
            for number in 1...2 {
                #expect(try await store.delivery(StoreSamples.delivery(number).id)?.rejected.count == 1)
            }
            // The first one was there before its month was, so that there is no partition for it.
            let counts = try await database.pool.statements { connection throws(StoreError) in
                try connection.rows("SELECT tableoid::regclass::text, count(*) FROM deliveries GROUP BY 1") {
                    row throws(StoreError) in try row.required(0) + " " + String(try row.integer(1))
                }
            }
            #expect(counts == ["deliveries_other 2"])
            await database.close()
        }
    }

    @Test func `are dropped when all of them is old, unless something in it is still needed`() async throws {
        try await withDatabase { settings in
            let database = try await PostgresDatabase(settings)
            let store = PostgresStore(database)
            let queue = PostgresJobQueue(database)
            try await database.makePartitions(now: StoreSamples.start)
            for number in 1...5 { try await store.accept(StoreSamples.delivery(number, rejected: 2)) }
            let month = "deliveries_2023_11"
            #expect(try await partitions("deliveries", database).contains(month))
            let later = StoreSamples.start + 90 * 86_400
            #expect(try await store.pruneDeliveries(before: later) == 0)
            let taken = try await queue.claim(limit: 4, lease: .seconds(60), JobSelection())
            for job in taken { _ = try await queue.complete(job) }
            // One of five is needed: the others go one by one.
            #expect(try await store.pruneDeliveries(before: later, limit: 3) == 3)
            #expect(try await store.pruneDeliveries(before: later, limit: 3) == 1)
            #expect(try await partitions("deliveries", database).contains(month))
            for job in try await queue.claim(limit: 4, lease: .seconds(60), JobSelection()) {
                _ = try await queue.complete(job)
            }
            // A month that is not over stays, however old its deliveries are.
            #expect(try await store.pruneDeliveries(before: StoreSamples.start - 60) == 0)
            #expect(try await store.pruneDeliveries(before: later) == 1)
            let left = try await partitions("deliveries", database)
            #expect(!left.contains(month))
            #expect(try await !partitions("rejected_alerts", database).contains("rejected_alerts_2023_11"))
            #expect(try await store.statistics().rejectedAlerts == 0)
            await database.close()
        }
    }

    @Test func `of the audit log can't be edited, emptied or added to by hand`() async throws {
        try await withDatabase { settings in
            let database = try await PostgresDatabase(settings)
            let store = PostgresStore(database)
            var change = StoreChange()
            change.audit = (1...3).map { StoreSamples.auditRecord($0) }
            try await store.commit(change)
            for sql in [
                "UPDATE audit SET record = '{}'", "DELETE FROM audit", "TRUNCATE audit",
                "INSERT INTO audit (sequence, at, hash, record) VALUES (9, 0, repeat('0', 64), '{}')",
            ] {
                await #expect("\(sql)") {
                    try await database.pool.statements { connection throws(StoreError) in _ = try connection.query(sql)
                    }
                } throws: { error in
                    guard case .corrupt(let what) = error as? StoreError else { return false }
                    return what.contains("append-only")
                }
            }
            #expect(try await AuditChain.records(of: store).count == 3)
            await database.close()
        }
    }
}
