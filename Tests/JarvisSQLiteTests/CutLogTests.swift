// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import Foundation
import JarvisCore
import JarvisTestSupport
import Testing

@testable import JarvisSQLite

@Suite(.timeLimit(.minutes(5))) struct `A write-ahead log that ends early` {
    private static let childDirectory = "JARVIS_CUT_LOG_TEST_DIRECTORY"
    private static var ofChild: String? { ProcessInfo.processInfo.environment[childDirectory] }
    private static let frame = 24 + 4096

    /// Not a test of its own: the process that the next test kills.
    ///
    /// It notes each delivery once it was accepted, with the length of the log.
    @Test(.enabled(if: ofChild != nil)) func `child that accepts one by one until it is killed`() async throws {
        let directory = try #require(Self.ofChild)
        let store = SQLiteStore(try await SQLiteDatabase(path: directory + "/jarvis.sqlite"))
        let notes = try FileHandle(forWritingTo: URL(fileURLWithPath: directory + "/accepted"))
        for number in 0... {
            try await store.accept(StoreSamples.delivery(number, rejected: 1))
            let log = try FileManager.default.attributesOfItem(atPath: directory + "/jarvis.sqlite-wal")
            try notes.write(contentsOf: Data("\(number) \(log[.size] as? Int ?? 0)\n".utf8))
            var change = StoreChange()
            change.audit = [StoreSamples.auditRecord(number)]
            try await store.commit(change)
            // The log must not begin anew: its length would say nothing then.
            if number == 24 { while true { try await Task.sleep(for: .seconds(1)) } }
        }
    }

    private struct Note {
        let number: Int
        let logBytes: Int
    }

    private func notes(in directory: String) throws -> [Note] {
        try String(contentsOfFile: directory + "/accepted", encoding: .utf8).split(separator: "\n").compactMap { line in
            let parts = line.split(separator: " ").compactMap { Int($0) }
            return parts.count == 2 ? Note(number: parts[0], logBytes: parts[1]) : nil
        }
    }

    private func killChild(in directory: String) async throws {
        try Data().write(to: URL(fileURLWithPath: directory + "/accepted"))
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        child.arguments = ["--testing-library", "swift-testing", "--filter", "child that accepts one by one"]
        child.environment = ProcessInfo.processInfo.environment.merging([Self.childDirectory: directory]) { $1 }
        child.standardOutput = FileHandle.nullDevice
        child.standardError = FileHandle.nullDevice
        try child.run()
        defer {
            kill(child.processIdentifier, SIGKILL)
            child.waitUntilExit()
        }
        try await eventually("enough deliveries") { try notes(in: directory).count >= 20 || !child.isRunning }
        #expect(child.isRunning)
    }

    @Test
    func `at any byte of its last two frames has every delivery that was acknowledged before, and no half of one`()
        async throws
    {
        try await withTemporaryDirectory { directory in
            try await killChild(in: directory)
            let notes = try notes(in: directory)
            let path = directory + "/jarvis.sqlite"
            let log = try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
            #expect(log.count % Self.frame == 32 && log.count > 40 * Self.frame)
            var seen: Set<Int64> = []
            // Shorter and shorter: cutting is quicker than copying.
            for length in (log.count - 2 * Self.frame...log.count).reversed() {
                #expect(truncate(path + "-wal", length) == 0)
                try? FileManager.default.removeItem(atPath: path + "-shm")
                let acknowledged = notes.filter { $0.logBytes <= length }
                seen.insert(try quickCheck(path, acknowledged, length))
                // All of what a start does, where it matters most, and now and then in between.
                let isEdge = (length - 32) % Self.frame <= 1 || (length - 32) % Self.frame == Self.frame - 1
                if isEdge || length % 512 == 0 { try await fullCheck(path, acknowledged) }
            }
            #expect(seen.count >= 2, "the cuts took something away")
        }
    }

    /// Every cut: what was acknowledged is there, and each transaction whole or not at all; the number of deliveries.
    private func quickCheck(_ path: String, _ acknowledged: [Note], _ length: Int) throws -> Int64 {
        let connection = try SQLiteConnection(path: path, access: .readOnly)
        let count = { (sql: String) in try connection.integer(sql) ?? 0 }
        let deliveries = try count("SELECT count(*) FROM deliveries")
        #expect(deliveries >= acknowledged.count, "cut at \(length)")
        #expect(try count("SELECT count(*) FROM jobs") == deliveries, "cut at \(length)")
        #expect(try count("SELECT count(*) FROM rejected_alerts") == deliveries, "cut at \(length)")
        let records = try count("SELECT coalesce(max(sequence), 0) FROM audit")
        #expect((deliveries - 1...deliveries).contains(records), "cut at \(length)")
        return deliveries + records
    }

    private func fullCheck(_ path: String, _ acknowledged: [Note]) async throws {
        let copy = path + ".copy"
        for suffix in ["", "-wal"] { try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix) }
        let database = try await SQLiteDatabase(path: copy)
        #expect(try await database.missing(acknowledged.map(\.number)).isEmpty)
        #expect(try await database.faults().isEmpty)
        try await SQLiteStore(database).accept(StoreSamples.delivery(1_000_000))
        #expect(try await database.missing(acknowledged.map(\.number) + [1_000_000]).isEmpty)
        await database.close()
        for suffix in ["", ".lock"] { try FileManager.default.removeItem(atPath: copy + suffix) }
    }
}
