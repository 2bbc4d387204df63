// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import JarvisCore
import JarvisTestSupport
import Synchronization
import Testing

@testable import JarvisSQLite

@Suite(.timeLimit(.minutes(1))) struct `Group commit` {
    @Test func `takes writes that wait into one transaction`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await SQLiteDatabase(path: directory + "/jarvis.sqlite")
            let store = SQLiteStore(database)
            try await together(200, on: database) { try await store.accept(StoreSamples.delivery($0)) }
            #expect(await database.writer.transactions == 2)
            #expect(try await store.statistics().deliveries == 200)
        }
    }

    @Test func `fails the failing write and no other of its group`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await SQLiteDatabase(path: directory + "/jarvis.sqlite")
            let store = SQLiteStore(database)
            let refused = Mutex(0)
            try await together(40, on: database) { number in
                // Every second one is there already when its turn comes.
                do { try await store.accept(StoreSamples.delivery(number / 2)) } catch StoreError.corrupt {
                    refused.withLock { $0 += 1 }
                }
            }
            #expect(await database.writer.transactions == 2)
            #expect(refused.withLock { $0 } == 20)
            #expect(try await store.statistics().deliveries == 20)
            #expect(try await SQLiteJobQueue(database).counts().map(\.count) == [20])
        }
    }

    @Test func `saves what fits when the whole group does not fit on the disk`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await SQLiteDatabase(path: directory + "/jarvis.sqlite")
            let store = SQLiteStore(database)
            try await database.fillUp(spare: 20)
            let outcomes = Mutex<[Int: Bool]>([:])
            try await together(8, on: database) { number in
                let delivery = number == 3 ? StoreSamples.hugeDelivery(3) : StoreSamples.delivery(number)
                do {
                    try await store.accept(delivery)
                    outcomes.withLock { $0[number] = true }
                } catch StoreError.unavailable {
                    outcomes.withLock { $0[number] = false }
                }
            }
            #expect(
                outcomes.withLock { $0 } == [0: true, 1: true, 2: true, 3: false, 4: true, 5: true, 6: true, 7: true])
            #expect(try await store.statistics().deliveries == 7)
        }
    }
}

@Suite struct `A full disk` {
    @Test func `refuses deliveries whole, harms nothing, and is forgotten when there is space again`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await SQLiteDatabase(path: directory + "/jarvis.sqlite")
            let store = SQLiteStore(database)
            try await store.accept(StoreSamples.delivery(0))
            try await database.fillUp(spare: 0)
            var accepted: Set<Int> = [0]
            var refused: Set<Int> = []
            for number in 1...60 {
                do {
                    try await store.accept(StoreSamples.delivery(number, rejected: 3))
                    accepted.insert(number)
                } catch StoreError.unavailable { refused.insert(number) }
            }
            #expect(refused.count > 10)
            for number in refused {
                #expect(try await store.delivery(StoreSamples.delivery(number).id) == nil)
            }
            #expect(try await store.rejectedAlerts(limit: 1000).count == (accepted.count - 1) * 3)
            #expect(try await SQLiteJobQueue(database).counts().map(\.count) == [accepted.count])
            try await database.limitPages(to: 1_000_000)
            for number in refused.sorted() { try await store.accept(StoreSamples.delivery(number, rejected: 3)) }
            #expect(try await store.statistics().deliveries == 61)
            let faults = try await database.reader.read { connection throws(StoreError) in
                try connection.rows("PRAGMA integrity_check") { row throws(StoreError) in row.text(0) }
            }
            #expect(faults == ["ok"])
        }
    }
}

extension SQLiteDatabase {
    /// Lets the file grow to so many pages.
    fileprivate func limitPages(to count: Int64) async throws(StoreError) {
        try await writer.write { connection throws(StoreError) in
            _ = try connection.integer("PRAGMA max_page_count = \(count)")
        }
    }

    /// Lets the file grow by so many pages only.
    fileprivate func fillUp(spare: Int64) async throws(StoreError) {
        let pages = try await reader.read { connection throws(StoreError) in try connection.integer("PRAGMA page_count")
        }
        try await limitPages(to: (pages ?? 0) + spare)
    }
}
