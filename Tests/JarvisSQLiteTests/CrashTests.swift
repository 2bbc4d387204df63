// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import Foundation
import JarvisCore
import JarvisSQLite
import JarvisTestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct `A crash` {
    private static let childDatabase = "JARVIS_CRASH_TEST_DIRECTORY"
    private static let childStart = "JARVIS_CRASH_TEST_START"
    private static var childDirectory: String? { ProcessInfo.processInfo.environment[childDatabase] }

    /// Not a test of its own: the process that the next test kills.
    ///
    /// It notes each delivery once it was accepted.
    @Test(.enabled(if: childDirectory != nil)) func `child that accepts until it is killed`() async throws {
        let environment = ProcessInfo.processInfo.environment
        let directory = try #require(Self.childDirectory)
        let first = try #require(environment[Self.childStart].flatMap { Int($0) })
        let store = SQLiteStore(try await SQLiteDatabase(path: directory + "/jarvis.sqlite"))
        let notes = try FileHandle(forWritingTo: URL(fileURLWithPath: directory + "/accepted"))
        try notes.seekToEnd()
        try await withThrowingTaskGroup { group in
            for writer in 0..<16 {
                group.addTask {
                    for number in stride(from: first + writer, to: .max, by: 16) {
                        try await store.accept(StoreSamples.delivery(number, rejected: 1))
                        var change = StoreChange()
                        change.audit = [StoreSamples.auditRecord(number)]
                        try await store.commit(change)
                        try notes.write(contentsOf: Data("\(number)\n".utf8))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `by SIGKILL loses nothing that was accepted and keeps nothing by halves`() async throws {
        try await withTemporaryDirectory { directory in
            try Data().write(to: URL(fileURLWithPath: directory + "/accepted"))
            for round in 1...3 {
                try await killWhileAccepting(in: directory, from: round * 1_000_000, atLeast: round * 500)
                let database = try await SQLiteDatabase(path: directory + "/jarvis.sqlite")
                let store = SQLiteStore(database)
                let accepted = try numbers(in: directory)
                for number in accepted {
                    let delivery = StoreSamples.delivery(number, rejected: 1)
                    #expect(try await store.delivery(delivery.id) == delivery)
                }
                let statistics = try await store.statistics()
                #expect(statistics.deliveries >= accepted.count)
                let records = try await AuditChain.records(of: store)
                #expect(records.count >= accepted.count)
                #expect(statistics.rejectedAlerts == statistics.deliveries)
                let jobs = try await SQLiteJobQueue(database).counts()
                #expect(jobs.map(\.count) == [statistics.deliveries])
                let faults = try await database.reader.read { connection throws(StoreError) in
                    try connection.rows("PRAGMA integrity_check") { row throws(StoreError) in row.text(0) }
                }
                #expect(faults == ["ok"])
                await database.close()
            }
        }
    }

    @Test func `frees the jobs of the process that died at once, and counts the try`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await SQLiteDatabase(path: directory + "/jarvis.sqlite")
            try await SQLiteStore(database).accept(StoreSamples.delivery(1))
            let lost = try await SQLiteJobQueue(database).claim(
                limit: 1, lease: .seconds(3600), JobSelection())
            let queue = SQLiteJobQueue(try await openCopy(of: directory))
            let again = try await queue.claim(limit: 1, lease: .seconds(60), JobSelection())
            #expect(again.map(\.id) == lost.map(\.id))
            #expect(again.map(\.attempts) == [2])
        }
    }

    private func numbers(in directory: String) throws -> [Int] {
        let text = try String(contentsOfFile: directory + "/accepted", encoding: .utf8)
        return text.split(separator: "\n").compactMap { Int($0) }
    }

    private func killWhileAccepting(in directory: String, from first: Int, atLeast count: Int) async throws {
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        child.arguments = ["--testing-library", "swift-testing", "--filter", "child that accepts until it is killed"]
        child.environment = ProcessInfo.processInfo.environment.merging([
            Self.childDatabase: directory, Self.childStart: "\(first)",
        ]) { $1 }
        child.standardOutput = FileHandle.nullDevice
        child.standardError = FileHandle.nullDevice
        try child.run()
        let size = { try numbers(in: directory).count }
        do {
            try await eventually("enough deliveries") { try size() >= count || !child.isRunning }
        } catch {
            kill(child.processIdentifier, SIGKILL)
            throw error
        }
        #expect(child.isRunning)
        kill(child.processIdentifier, SIGKILL)
        child.waitUntilExit()
        #expect(child.terminationReason == .uncaughtSignal)
    }
}
