// SPDX-License-Identifier: Apache-2.0

import Foundation
import JarvisCore
import JarvisStore
import JarvisTestSupport
import Testing

@testable import JarvisSQLite

/// A small file system of its own, where this user may mount one.
private enum SmallDisk {
    static func run(_ program: String, _ arguments: String...) throws -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    /// Whether it can be done at all; said loudly where not.
    static let isPossible: Bool = {
        let path = NSTemporaryDirectory() + "/jarvis-mount-" + UUID().uuidString
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: path) }
        guard geteuid() == 0, (try? run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", path)) == true else {
            FileHandle.standardError.write(
                Data("SKIPPED: a full and a read-only file system are not tested: nothing can be mounted here\n".utf8))
            return false
        }
        return (try? run("umount", path)) == true
    }()

    static func with<Result>(size: String, _ body: (String) async throws -> Result) async throws -> Result {
        try await withTemporaryDirectory { directory in
            let path = directory + "/disk"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            try #require(try run("mount", "-t", "tmpfs", "-o", "size=\(size)", "tmpfs", path))
            do {
                let result = try await body(path)
                _ = try run("umount", "-l", path)
                return result
            } catch {
                _ = try run("umount", "-l", path)
                throw error
            }
        }
    }
}

@Suite(.enabled(if: SmallDisk.isPossible), .timeLimit(.minutes(5))) struct `A file system` {
    @Test func `that is full refuses deliveries, is read as before, and is used again when there is room`() async throws
    {
        try await SmallDisk.with(size: "3m") { directory in
            let database = try await SQLiteDatabase(path: directory + "/jarvis.sqlite")
            let store = SQLiteStore(database)
            try Data(count: 1 << 20).write(to: URL(fileURLWithPath: directory + "/ballast"))
            var accepted: [Int] = []
            var refused: [Int] = []
            for number in 0..<5000 where refused.count < 50 {
                do throws(StoreError) {
                    try await store.accept(StoreSamples.delivery(number, rejected: 3))
                    accepted.append(number)
                } catch {
                    guard case .unavailable = error else { throw error }
                    refused.append(number)
                }
            }
            #expect(accepted.count > 20 && refused.count == 50)
            #expect(database.writer.monitor.failure != nil)
            #expect(try await database.missing(accepted).isEmpty)
            #expect(try await database.missing(refused) == refused)

            try FileManager.default.removeItem(atPath: directory + "/ballast")
            try await store.probeWrite()
            #expect(database.writer.monitor.failure == nil)
            for number in refused { try await store.accept(StoreSamples.delivery(number, rejected: 3)) }
            #expect(try await database.missing(accepted + refused).isEmpty)
            #expect(try await database.faults().isEmpty)
        }
    }

    @Test func `that is full when it is opened is said to be`() async throws {
        try await SmallDisk.with(size: "2m") { directory in
            let path = directory + "/jarvis.sqlite"
            await (try SQLiteDatabase(path: path)).close()
            var ballast = 0
            while (try? Data(count: 4096).write(to: URL(fileURLWithPath: directory + "/ballast\(ballast)"))) != nil {
                ballast += 1
            }
            await #expect { try await SQLiteDatabase(path: path) } throws: { error in
                if case .unavailable = error as? StoreError { true } else { false }
            }
            #expect(ballast > 10)
            for number in 0..<ballast { try FileManager.default.removeItem(atPath: directory + "/ballast\(number)") }
            let database = try await SQLiteDatabase(path: path)
            try await SQLiteStore(database).accept(StoreSamples.delivery(1))
        }
    }

    @Test func `that was made read-only is said to be, and is used again when it is not`() async throws {
        try await SmallDisk.with(size: "4m") { directory in
            let path = directory + "/jarvis.sqlite"
            let first = try await SQLiteDatabase(path: path)
            try await SQLiteStore(first).accept(StoreSamples.delivery(1))
            await first.close()
            try #require(try SmallDisk.run("mount", "-o", "remount,ro", directory))
            await #expect { try await SQLiteDatabase(path: path) } throws: { error in
                guard case .unavailable(let reason) = error as? StoreError else { return false }
                return reason.contains("Read-only")
            }
            try #require(try SmallDisk.run("mount", "-o", "remount,rw", directory))
            let second = try await SQLiteDatabase(path: path)
            try await SQLiteStore(second).accept(StoreSamples.delivery(2))
            #expect(try await second.missing([1, 2]).isEmpty)
        }
    }
}
