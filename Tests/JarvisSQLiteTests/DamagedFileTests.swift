// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import Foundation
import JarvisCore
import JarvisStore
import JarvisTestSupport
import Testing

@testable import JarvisSQLite

@Suite(.timeLimit(.minutes(5))) struct `A damaged database file` {
    private static let page = 4096

    /// A closed database with so many deliveries in it.
    private func filled(_ directory: String, _ count: Int = 200) async throws -> String {
        let path = directory + "/jarvis.sqlite"
        let database = try await SQLiteDatabase(path: path)
        let store = SQLiteStore(database)
        try await withThrowingTaskGroup { group in
            for number in 0..<count { group.addTask { try await store.accept(StoreSamples.delivery(number)) } }
            try await group.waitForAll()
        }
        await database.close()
        return path
    }

    private func files(beside path: String) throws -> [String: Data] {
        var found: [String: Data] = [:]
        for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: path + suffix) {
            found[suffix] = try Data(contentsOf: URL(fileURLWithPath: path + suffix))
        }
        // Looking makes an empty log, which says nothing.
        return found.filter { !$0.value.isEmpty }
    }

    /// The numbers of the pages, from 1, that only lead to others.
    private func interiorPages(of path: String) throws -> [Int] {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        return (1..<bytes.count / Self.page).filter { [2, 5].contains(bytes[$0 * Self.page]) }.map { $0 + 1 }
    }

    /// What was done to a file.
    enum Damage: String, CaseIterable, Sendable {
        case magic, pageSize, schemaFormat, firstPage, interiorPage, everyTenthPage, cutByAByte, cutInHalf, cutToAPage
    }

    private func inflict(_ damage: Damage, on path: String) throws {
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        func flip(_ range: Range<Int>) { for index in range { bytes[index] ^= 0xFF } }
        switch damage {
        case .magic: flip(0..<4)
        case .pageSize: flip(16..<18)
        case .schemaFormat: flip(44..<48)
        case .firstPage: flip(100..<Self.page)
        case .interiorPage:
            let page = try #require(try interiorPages(of: path).first)
            flip((page - 1) * Self.page..<(page - 1) * Self.page + 16)
        case .everyTenthPage:
            for page in stride(from: 3, to: bytes.count / Self.page, by: 10) {
                flip(page * Self.page..<page * Self.page + 8)
            }
        case .cutByAByte: bytes.removeLast(1)
        case .cutInHalf: bytes.removeLast(bytes.count / 2)
        case .cutToAPage: bytes = bytes.prefix(Self.page)
        }
        try bytes.write(to: URL(fileURLWithPath: path))
    }

    @Test(arguments: Damage.allCases)
    func `is refused at the start and left as it was`(_ damage: Damage) async throws {
        try await withTemporaryDirectory { directory in
            let path = try await filled(directory)
            try inflict(damage, on: path)
            let before = try files(beside: path)
            await #expect("\(damage)") { try await SQLiteDatabase(path: path) } throws: { error in
                if case .corrupt = error as? StoreError { true } else { false }
            }
            #expect(try files(beside: path) == before)
        }
    }

    /// Closing what was refused must not write the log into it: that is what tells what happened, and what can be saved.
    @Test func `is left as it was with its log`() async throws {
        try await withTemporaryDirectory { directory in
            let path = try await filled(directory)
            let database = try await SQLiteDatabase(path: path)
            for number in 200..<220 { try await SQLiteStore(database).accept(StoreSamples.delivery(number)) }
            let copy = directory + "/copy.sqlite"
            for suffix in ["", "-wal"] {
                try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
            }
            try inflict(.everyTenthPage, on: copy)
            let before = try files(beside: copy)
            #expect(before["-wal"]?.isEmpty == false)
            await #expect(throws: StoreError.self) { try await SQLiteDatabase(path: copy) }
            #expect(try files(beside: copy) == before)
        }
    }

    @Test func `is not written to from the moment that a reader meets the damage, until it is whole again`()
        async throws
    {
        try await withTemporaryDirectory { directory in
            let path = try await filled(directory, 1000)
            let database = try await SQLiteDatabase(
                path: path, now: Date(), migrations: Migration.all, checkPause: .zero)
            let store = SQLiteStore(database)
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            // In place, as a disk does it; nothing of it is in the memory of the connections yet.
            func write(_ bytes: Data) throws {
                let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
                try handle.write(contentsOf: bytes)
                try handle.close()
            }
            var damaged = whole
            for page in 20..<whole.count / Self.page {
                for index in page * Self.page..<page * Self.page + 8 { damaged[index] ^= 0xFF }
            }
            try write(damaged)

            var met: StoreError?
            for number in 0..<1000 where met == nil {
                do throws(StoreError) { _ = try await store.delivery(StoreSamples.delivery(number).id) } catch {
                    met = error
                }
            }
            guard case .corrupt? = met else {
                Issue.record("the damage was not met: \(String(describing: met))")
                return
            }
            #expect(database.writer.monitor.failure == met)
            let log = try files(beside: path)["-wal"]
            for number in 1000..<1010 {
                await #expect(throws: StoreError.self) { try await store.accept(StoreSamples.delivery(number)) }
            }
            #expect(try files(beside: path)["-wal"] == log, "nothing was written")
            #expect(try files(beside: path)[""] == damaged)
            await #expect(throws: StoreError.self) { try await store.probeWrite() }

            try write(whole)
            try await store.probeWrite()
            #expect(database.writer.monitor.failure == nil)
            try await store.accept(StoreSamples.delivery(1000))
            #expect(try await database.missing(0...1000).isEmpty)
            #expect(try await database.faults().isEmpty)
        }
    }
}
