// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import JarvisSQLite
import JarvisStore
import JarvisTestSupport
import Synchronization
import Testing

@Suite struct `What the disk makes of writes` {
    /// What a listener was told.
    private final class Told: Sendable {
        private let list = Mutex<[CommitMonitor.Transaction]>([])
        var all: [CommitMonitor.Transaction] { list.withLock { $0 } }
        func note(_ event: CommitMonitor.Event) {
            guard case .transaction(let transaction) = event else { return }
            list.withLock { $0.append(transaction) }
        }
    }

    @Test func `is known from the first write that finds no room until one does again`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await SQLiteDatabase(path: directory + "/jarvis.sqlite")
            let store = SQLiteStore(database)
            let told = Told()
            database.writer.monitor.connect { told.note($0) }
            try await store.accept(StoreSamples.delivery(0))
            #expect(database.writer.monitor.failure == nil)

            // SQLite's own limit ends a write exactly as a full disk does: SQLITE_FULL.
            try await database.writer.write { connection throws(StoreError) in
                try connection.execute("PRAGMA max_page_count = 1")
            }
            var stored = 1
            var refusal: StoreError?
            while refusal == nil, stored < 10_000 {
                do throws(StoreError) {
                    try await store.accept(StoreSamples.delivery(stored))
                    stored += 1
                } catch { refusal = error }
            }
            guard case .unavailable? = refusal else {
                Issue.record("a full database is \(String(describing: refusal))")
                return
            }
            #expect(database.writer.monitor.failure == refusal)
            #expect(told.all.last?.failure == refusal)
            #expect(try await store.statistics().deliveries == stored, "what was refused is not there")

            try await database.writer.write { connection throws(StoreError) in
                try connection.execute("PRAGMA max_page_count = 1000000")
            }
            try await store.probeWrite()
            #expect(database.writer.monitor.failure == nil)
            try await store.accept(StoreSamples.delivery(stored))
            #expect(try await store.statistics().deliveries == stored + 1)
        }
    }

    @Test func `is told with the number of writes that shared a transaction, and nothing of those that wrote nothing`()
        async throws
    {
        try await withTemporaryDirectory { directory in
            let database = try await SQLiteDatabase(path: directory + "/jarvis.sqlite")
            let store = SQLiteStore(database)
            let told = Told()
            database.writer.monitor.connect { told.note($0) }
            try await withThrowingTaskGroup { group in
                for number in 0..<50 { group.addTask { try await store.accept(StoreSamples.delivery(number)) } }
                try await group.waitForAll()
            }
            #expect(told.all.map(\.writes).reduce(0, +) == 50)
            #expect(told.all.allSatisfy { $0.failure == nil && $0.duration > .zero })
            let before = told.all.count
            try await database.writer.write { _ throws(StoreError) in }
            #expect(told.all.count == before)
        }
    }
}
