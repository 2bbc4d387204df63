// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import JarvisCore
import JarvisStore
import JarvisTestSupport
import Synchronization
import Testing

@testable import JarvisSQLite

@Suite(.timeLimit(.minutes(5))) struct `A disk that fails` {
    /// An accept; false where it was refused as it must be.
    private func accept(_ delivery: Delivery, _ store: SQLiteStore) async throws -> Bool {
        do {
            try await store.accept(delivery)
            return true
        } catch StoreError.unavailable { return false }
    }

    @Test(arguments: ["sync 5", "sync 28", "write 5", "write 28", "write 30"])
    func `refuses every write at once, keeps none of it, and is forgotten when it works again`(
        _ fault: String
    ) async throws {
        try await FaultyDisk.with { disk in
            let database = try await SQLiteDatabase(path: disk.path)
            let store = SQLiteStore(database)
            let failed = Mutex<[Int]>([])
            database.writer.monitor.connect { event in
                if case .transaction(let transaction) = event, transaction.failure != nil {
                    failed.withLock { $0.append(transaction.writes) }
                }
            }
            #expect(try await accept(StoreSamples.delivery(0), store))
            let accepted = Mutex(0)
            try await together(40, on: database) { number in
                if number == 0 { try disk.fail(fault) }
                if try await accept(StoreSamples.delivery(number + 1), store) { accepted.withLock { $0 += 1 } }
            }
            #expect(accepted.withLock { $0 } == 0)
            #expect(database.writer.monitor.failure != nil)
            await #expect(throws: StoreError.self, "asking the disk is no proof that it works") {
                try await store.probeWrite()
            }
            #expect(database.writer.monitor.failure != nil)
            // No room is asked about for each; a disk that fails is not asked forty times.
            #expect(failed.withLock { $0 } == (fault == "write 28" ? Array(repeating: 1, count: 40) : [40]) + [1])
            #expect(try await database.missing(0...40) == Array(1...40))

            try disk.fail(nil)
            try await store.probeWrite()
            #expect(database.writer.monitor.failure == nil)
            for number in 1...40 { #expect(try await accept(StoreSamples.delivery(number), store)) }
            #expect(try await database.missing(0...40).isEmpty)
            #expect(try await database.faults().isEmpty)
            let found = try await disk.afterPowerCut()
            #expect(try await found.missing(0...40).isEmpty)
            #expect(try await found.faults().isEmpty)
        }
    }

    @Test(arguments: 0..<6 as Range<UInt32>)
    func `leaves nothing in the log that the next process would build on in vain`(_ seed: UInt32) async throws {
        try await FaultyDisk.with(seed: seed) { disk in
            let database = try await SQLiteDatabase(path: disk.path)
            let store = SQLiteStore(database)
            for number in 0..<5 { #expect(try await accept(StoreSamples.delivery(number), store)) }
            try disk.fail("sync 5")
            #expect(try await !accept(StoreSamples.hugeDelivery(5), store))
            // It dies here. The kernel holds the whole log in memory and takes it for written.
            let next = try disk.nextProcess(seed: seed)
            let second = SQLiteStore(try await SQLiteDatabase(path: next.path))
            for number in 6..<9 { #expect(try await accept(StoreSamples.delivery(number), second)) }
            let found = try await next.afterPowerCut()
            #expect(try await found.missing([0, 1, 2, 3, 4, 6, 7, 8]).isEmpty)
            #expect(try await found.faults().isEmpty)
        }
    }

    @Test(arguments: 0..<6 as Range<UInt32>)
    func `and loses pages of a checkpoint has them written again`(_ seed: UInt32) async throws {
        try await FaultyDisk.with(seed: seed) { disk in
            let database = try await SQLiteDatabase(path: disk.path)
            let store = SQLiteStore(database)
            // A reader holds an older state, so that only a part of the log is written back, and nothing is synced.
            for number in 0..<5 { #expect(try await accept(StoreSamples.hugeDelivery(number), store)) }
            let gate = DispatchSemaphore(value: 0)
            let (held, holds) = AsyncStream<Void>.makeStream()
            async let reading: Void = database.reader.read { connection throws(StoreError) in
                _ = try connection.integer("SELECT count(*) FROM deliveries")
                holds.finish()
                gate.wait()
            }
            for await _ in held {}
            for number in 5..<12 { #expect(try await accept(StoreSamples.hugeDelivery(number), store)) }
            gate.signal()
            try await reading
            // The rest of it is, and the sync of the file fails.
            try disk.fail("sync 5 jarvis.sqlite")
            #expect(try await accept(StoreSamples.hugeDelivery(12), store))
            try disk.fail(nil)
            // All is written back, and then the log begins anew.
            for number in 13..<30 { #expect(try await accept(StoreSamples.hugeDelivery(number), store)) }
            let found = try await disk.afterPowerCut()
            #expect(try await found.missing(0..<30).isEmpty)
            #expect(try await found.faults().isEmpty)
        }
    }

    @Test(arguments: SimulationSeeds.range(8))
    func `at random, and then has no power, loses nothing that was accepted`(_ seed: UInt64) async throws {
        try await FaultyDisk.with(seed: UInt32(truncatingIfNeeded: seed)) { disk in
            var chance = Seeded(seed)
            var database = try await SQLiteDatabase(path: disk.path)
            var accepted: [Int] = []
            for number in 0..<Int.random(in: 20..<60, using: &chance) {
                let fault = Int.random(in: 0..<10, using: &chance)
                switch fault {
                case 0: try disk.fail("sync 5")
                case 1: try disk.fail("sync 5 jarvis.sqlite")
                case 2: try disk.fail("write 5 jarvis.sqlite")
                case 3:
                    await database.close()
                    database = try await SQLiteDatabase(path: disk.path)
                default: break
                }
                let delivery =
                    Bool.random(using: &chance) ? StoreSamples.hugeDelivery(number) : StoreSamples.delivery(number)
                if try await accept(delivery, SQLiteStore(database)) { accepted.append(number) }
                if fault < 3 { try disk.fail(nil) }
            }
            let found = try await disk.afterPowerCut()
            #expect(try await found.missing(accepted).isEmpty, "seed \(seed)")
            #expect(try await found.faults().isEmpty, "seed \(seed)")
        }
    }
}
