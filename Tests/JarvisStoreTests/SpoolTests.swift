// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import Foundation
import JarvisCore
import JarvisTestSupport
import Synchronization
import Testing

@testable import JarvisStore

@Suite struct `The spool before a database` {
    private static let away = StoreError.unavailable(reason: "away")

    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let path = NSTemporaryDirectory() + "/jarvis-spool-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }

    private func files(in path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }

    private func spool(_ store: any OrderedAlertLog, _ folder: SpoolFolder) -> SpoolingAlertLog {
        SpoolingAlertLog(before: store, folder: folder) { _ in }
    }

    /// Drains until nothing waits; how many were moved.
    private func drainAll(_ log: SpoolingAlertLog) async throws -> Int {
        var moved = 0
        while true {
            switch await log.drain() {
            case .empty: return moved
            case .moved(let count): moved += count
            case let other:
                Issue.record("\(other)")
                return moved
            }
        }
    }

    @Test func `is emptied in the order in which things came`() async throws {
        try await withFolder { path in
            let store = MemoryStore()
            let folder = try SpoolFolder(path: path)
            let log = spool(store, folder)
            store.failWrites(with: Self.away)
            for number in 0..<200 { try await log.accept(StoreSamples.delivery(199 - number)) }
            store.failWrites(with: nil)
            // One of them is there already.
            try await store.accept(StoreSamples.delivery(150))
            #expect(try await drainAll(log) == 200)
            let jobs = await store.queue.claim(limit: 999, lease: .seconds(1), JobSelection())
            let order = try jobs.sorted { $0.id < $1.id }.map { try JobRequest.Work(payload: $0.payload) }
            let rest = (0..<200).map { 199 - $0 }.filter { $0 != 150 }
            #expect(order == ([150] + rest).map { .intake(StoreSamples.delivery($0).id) })
        }
    }

    @Test func `keeps what comes while it is away, and gives it all of it once`() async throws {
        try await withFolder { path in
            let store = MemoryStore()
            let folder = try SpoolFolder(path: path)
            let reasons = Mutex<[StoreError?]>([])
            let log = SpoolingAlertLog(before: store, folder: folder) { reason in
                reasons.withLock { $0.append(reason) }
            }
            try await log.accept(StoreSamples.delivery(0))
            #expect(folder.level.bytes == 0, "nothing waits while the database takes it")
            store.failWrites(with: Self.away)
            try await log.accept(StoreSamples.delivery(1, rejected: 2))
            try await withThrowingTaskGroup { group in
                for number in 2..<200 { group.addTask { try await log.accept(StoreSamples.delivery(number)) } }
                try await group.waitForAll()
            }
            #expect(folder.level.deliveries == 199)
            #expect(reasons.withLock { $0.compactMap(\.self) } == [Self.away], "only the first had to find out")
            #expect(await log.drain() == .away(Self.away))
            #expect(folder.level.deliveries == 199)
            store.failWrites(with: nil)
            #expect(try await drainAll(log) == 199)
            for number in 0..<200 {
                #expect(await store.delivery(StoreSamples.delivery(number).id) != nil)
            }
            #expect(await store.delivery(StoreSamples.delivery(1).id) == StoreSamples.delivery(1, rejected: 2))
            #expect(await store.queue.counts().map(\.count) == [200])
            #expect(folder.level.bytes == 0 && folder.level.deliveries == 0)
            #expect(try files(in: path) == [])
        }
    }

    @Test func `lets nothing overtake what waits`() async throws {
        try await withFolder { path in
            let store = MemoryStore()
            let folder = try SpoolFolder(path: path)
            let log = spool(store, folder)
            store.failWrites(with: Self.away)
            try await log.accept(StoreSamples.delivery(1))
            store.failWrites(with: nil)
            try await log.accept(StoreSamples.delivery(2))
            #expect(await store.delivery(StoreSamples.delivery(2).id) == nil)
            #expect(try await drainAll(log) == 2)
            try await log.accept(StoreSamples.delivery(3))
            #expect(folder.level.bytes == 0)
        }
    }

    @Test func `waits for one that does not answer only so long, and meanwhile not at all`() async throws {
        try await withFolder { path in
            let database = SilentLog()
            let folder = try SpoolFolder(path: path)
            let reasons = Mutex<[StoreError?]>([])
            let log = SpoolingAlertLog(
                before: database, folder: folder, patience: Patience(.seconds(5), sleep: { _ in })
            ) {
                reason in reasons.withLock { $0.append(reason) }
            }
            try await log.accept(StoreSamples.delivery(1))
            #expect(
                reasons.withLock(\.self) == [.unavailable(reason: "the database has not answered within 5.0 seconds")])
            // It is empty again, and what is overdue still is.
            let number = try #require(try await folder.oldest()).number
            try await folder.remove(number, isDamaged: false)
            try await log.accept(StoreSamples.delivery(2))
            #expect(reasons.withLock(\.count) == 2 && folder.level.deliveries == 1)
            #expect(database.asked == 1)
            // What it answers late is there already, and given once.
            database.answer()
            #expect(await database.store.delivery(StoreSamples.delivery(1).id) != nil)
            #expect(try await drainAll(spool(database.store, folder)) == 1)
            #expect(await database.store.queue.counts().map(\.count) == [2])
        }
    }

    @Test func `keeps nothing that the database refuses for another reason`() async throws {
        try await withFolder { path in
            let store = MemoryStore()
            let folder = try SpoolFolder(path: path)
            store.failWrites(with: .corrupt(what: "it"))
            await #expect(throws: StoreError.corrupt(what: "it")) {
                try await spool(store, folder).accept(StoreSamples.delivery(1))
            }
            #expect(folder.level.bytes == 0 && folder.level.deliveries == 0)
        }
    }

    @Test func `gives nothing twice of which the database has heard`() async throws {
        try await withFolder { path in
            let store = MemoryStore()
            let folder = try SpoolFolder(path: path)
            // The answer to the first was lost, and so were the answers to a whole drain.
            try await store.accept(StoreSamples.delivery(1))
            try await folder.append(StoreSamples.delivery(1))
            for job in await store.queue.claim(limit: 9, lease: .seconds(9), JobSelection()) {
                _ = await store.queue.complete(job)
            }
            #expect(try await drainAll(spool(store, folder)) == 1)
            #expect(await store.queue.counts().isEmpty, "its intake was done long ago")
        }
    }

    @Test func `has everything again after a crash, for its own user alone`() async throws {
        try await withFolder { path in
            let before = try SpoolFolder(path: path)
            for number in 1...20 { try await before.append(StoreSamples.delivery(number)) }
            let after = try SpoolFolder(path: path)
            #expect(after.level.bytes == before.level.bytes)
            try await after.append(StoreSamples.delivery(21))
            #expect(try files(in: path).count == 2, "a file of an earlier process is not written to")
            let modes = try ([path] + files(in: path).map { "\(path)/\($0)" }).map {
                try FileManager.default.attributesOfItem(atPath: $0)[.posixPermissions] as? Int
            }
            #expect(modes == [0o700, 0o600, 0o600])
            let store = MemoryStore()
            #expect(try await drainAll(spool(store, after)) == 21)
        }
    }

    @Test func `reads a file that was cut off anywhere up to its last whole delivery`() throws {
        let records = try (1...3).map { try SpoolRecord.bytes(of: StoreSamples.delivery($0)) }
        let ends = records.indices.map { records[...$0].joined().count }
        let whole = Array(records.joined())
        for length in 0...whole.count {
            let found = SpoolRecord.contents(of: Array(whole.prefix(length)))
            #expect(found.deliveries.count == ends.count { $0 <= length }, "\(length) bytes")
            #expect(found.isDamaged == ([0] + ends).allSatisfy { $0 != length }, "\(length) bytes")
        }
    }

    @Test func `never takes damage for a delivery`() throws {
        let written = [StoreSamples.delivery(1), StoreSamples.delivery(2)]
        let whole = try Array(written.map { try SpoolRecord.bytes(of: $0) }.joined())
        for place in whole.indices {
            var bytes = whole
            bytes[place] ^= 0x10
            let found = SpoolRecord.contents(of: bytes)
            #expect(found.deliveries.count < 2 && found.deliveries.allSatisfy { written.contains($0) }, "\(place)")
            #expect(found.isDamaged, "\(place)")
        }
    }

    @Test func `goes on behind a damaged file, and keeps it`() async throws {
        try await withFolder { path in
            let folder = try SpoolFolder(path: path)
            for number in 1...2 { try await folder.append(StoreSamples.delivery(number)) }
            let file = try #require(try files(in: path).first)
            let bytes = try Data(contentsOf: URL(filePath: "\(path)/\(file)"))
            var damaged = bytes
            damaged[20] ^= 0x10
            try damaged.write(to: URL(filePath: "\(path)/\(file)"))
            let store = MemoryStore()
            let again = try SpoolFolder(path: path)
            try await again.append(StoreSamples.delivery(3))
            let log = spool(store, again)
            #expect(await log.drain() == .damaged(moved: 0))
            #expect(await log.drain() == .moved(1))
            #expect(try files(in: path) == [file + ".damaged"])
            let third = try SpoolFolder(path: path)
            try await third.append(StoreSamples.delivery(4))
            #expect(try files(in: path).count == 2 && !files(in: path).contains(file), "no name is used twice")
            #expect(await store.delivery(StoreSamples.delivery(3).id) != nil)
        }
    }

    @Test func `takes no more than it may hold, and more again when it was emptied`() async throws {
        try await withFolder { path in
            let store = MemoryStore()
            let folder = try SpoolFolder(path: path, limit: 4096)
            let log = spool(store, folder)
            store.failWrites(with: Self.away)
            var kept = 0
            while kept < 100, (try? await log.accept(StoreSamples.delivery(kept))) != nil { kept += 1 }
            #expect((1..<100).contains(kept))
            #expect(folder.level.bytes <= 4096)
            store.failWrites(with: nil)
            #expect(try await drainAll(log) == kept)
            try await log.accept(StoreSamples.delivery(500))
        }
    }
}

/// A database that takes what it is given only when it is told to.
private final class SilentLog: OrderedAlertLog {
    let store = MemoryStore()
    private let waiting = Mutex<[CheckedContinuation<Void, Never>]>([])
    private let questions = Mutex(0)

    var asked: Int { questions.withLock { $0 } }

    func accept(_ delivery: Delivery) async throws(StoreError) {
        try await store.accept(delivery)
        questions.withLock { $0 += 1 }
        await withCheckedContinuation { continuation in waiting.withLock { $0.append(continuation) } }
    }

    func accept(inOrder deliveries: [Delivery]) async throws(StoreError) {
        for delivery in deliveries { try await accept(delivery) }
    }

    func delivery(_ id: DeliveryID) async throws(StoreError) -> Delivery? { await store.delivery(id) }

    func answer() { waiting.withLock { $0 }.forEach { $0.resume() } }
}
