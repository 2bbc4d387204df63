// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Foundation
import JarvisCore
import JarvisStore
import JarvisTestSupport
import Testing

@testable import JarvisSQLite

@Suite struct `The audit log in SQLite` {
    /// A database with a log of so many records; closed when `body` is called.
    private func withLog(of count: Int, _ body: (_ path: String) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/jarvis.sqlite"
            let database = try await SQLiteDatabase(path: path)
            var change = StoreChange()
            change.audit = (1...count).map { StoreSamples.auditRecord($0) }
            try await SQLiteStore(database).commit(change)
            await database.close()
            try await body(path)
        }
    }

    /// What somebody who may write the file can do to it.
    private func tamper(_ path: String, _ script: String) throws {
        let connection = try SQLiteConnection(path: path, access: .readWrite)
        try connection.execute(
            """
            PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE type = 'trigger'; PRAGMA writable_schema = RESET;
            """)
        try connection.execute(script)
    }

    private func fault(_ path: String) throws -> AuditFault? {
        var check = AuditCheck(digest: SHA256.hexDigest)
        try SQLiteAuditFile(path: path).forEach { check.add($0) }
        return check.fault
    }

    @Test func `shows a byte that was edited in any record, and a hash`() async throws {
        try await withLog(of: 50) { path in
            #expect(try fault(path) == nil)
            let chain = try AuditChain.sample(50)
            for number in 1...50 {
                let edit = "UPDATE audit SET record = replace(record, 'number \(number)', 'number X')"
                let back = "UPDATE audit SET record = replace(record, 'number X', 'number \(number)')"
                try tamper(path, "\(edit) WHERE sequence = \(number)")
                #expect(try fault(path) == AuditFault(.edited, at: Int64(number)))
                try tamper(path, "\(back) WHERE sequence = \(number)")
                try tamper(path, "UPDATE audit SET hash = '0' || substr(hash, 2) WHERE sequence = \(number)")
                let hash = chain[number - 1].hash
                #expect((try fault(path) == nil) == hash.hasPrefix("0"))
                try tamper(path, "UPDATE audit SET hash = '\(hash)' WHERE sequence = \(number)")
            }
            #expect(try fault(path) == nil)
        }
    }

    @Test func `shows bytes that are read as the same text`() async throws {
        try await withLog(of: 3) { path in
            // U+FFFD, which stands in every sample, is what a reader makes of a byte that is no UTF-8.
            try tamper(
                path,
                """
                UPDATE audit SET record = replace(record, char(65533), CAST(x'FF' AS TEXT)) WHERE sequence = 2
                """)
            #expect(try fault(path) == AuditFault(.edited, at: 2))
        }
    }

    @Test func `shows each record that is gone, also the first`() async throws {
        for number in [1, 2, 25, 49] {
            try await withLog(of: 50) { path in
                try tamper(path, "DELETE FROM audit WHERE sequence = \(number)")
                #expect(try fault(path) == AuditFault(.gap, at: Int64(number)))
            }
        }
    }

    @Test func `shows neighbours that changed places`() async throws {
        try await withLog(of: 20) { path in
            for number in 1..<20 {
                let swap = """
                    UPDATE audit SET sequence = -1 WHERE sequence = \(number);
                    UPDATE audit SET sequence = \(number) WHERE sequence = \(number + 1);
                    UPDATE audit SET sequence = \(number + 1) WHERE sequence = -1;
                    """
                try tamper(path, swap)
                #expect(try fault(path) == AuditFault(.reordered, at: Int64(number)))
                try tamper(path, swap)
                #expect(try fault(path) == nil)
            }
        }
    }

    @Test(arguments: [
        "UPDATE audit SET record = '{}'", "UPDATE audit SET sequence = 9 WHERE sequence = 3", "DELETE FROM audit",
        "DELETE FROM audit WHERE sequence = 3",
        "INSERT INTO audit SELECT 5, hash, record FROM audit WHERE sequence = 1",
        "REPLACE INTO audit SELECT 3, hash, record FROM audit WHERE sequence = 1",
        "INSERT OR REPLACE INTO audit SELECT 2, hash, record FROM audit WHERE sequence = 1",
    ])
    func `is edited by no statement`(_ statement: String) async throws {
        try await withLog(of: 3) { path in
            let database = try await SQLiteDatabase(path: path)
            do throws(StoreError) {
                try await database.writer.write { connection throws(StoreError) in try connection.execute(statement) }
                Issue.record("it was")
            } catch {
                #expect(error.description.contains("append-only"))
            }
            #expect(try await AuditChain.records(of: SQLiteStore(database)).count == 3)
        }
    }

    @Test func `is read beside the server, after it, and after its crash`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/jarvis.sqlite"
            let database = try await SQLiteDatabase(path: path)
            let store = SQLiteStore(database)
            func count(_ path: String) throws -> Int {
                var count = 0
                try SQLiteAuditFile(path: path).forEach { _ in count += 1 }
                return count
            }
            for number in 1...3 {
                var change = StoreChange()
                change.audit = [StoreSamples.auditRecord(number)]
                try await store.commit(change)
                #expect(try count(path) == number)
            }
            // The file and its write-ahead log, with nobody to have shared its index.
            let crashed = directory + "/crashed.sqlite"
            for end in ["", "-wal"] { try FileManager.default.copyItem(atPath: path + end, toPath: crashed + end) }
            #expect(try count(crashed) == 3)
            await database.close()
            #expect(try count(path) == 3)
        }
    }

    @Test func `of another file, or of a database of before, is refused`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/jarvis.sqlite"
            #expect(throws: StoreError.self) { try SQLiteAuditFile(path: path) }
            let old = try await SQLiteDatabase(
                path: path, now: StoreSamples.start, migrations: Array(Migration.all.prefix(2)))
            await old.close()
            #expect(throws: StoreError.corrupt(what: "the database has no audit log yet: start the server once")) {
                try SQLiteAuditFile(path: path)
            }
        }
    }

    @Test func `begins with the upgrade of a database that has work in flight`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/jarvis.sqlite"
            var incident = StoreSamples.incident(1)
            let intent = StoreSamples.intent(1)
            incident.attempts = [Incident.Attempt(intent: intent)]
            let json = try StoredJSON.text(incident, of: "incident")
            let old = try await SQLiteDatabase(
                path: path, now: StoreSamples.start, migrations: Array(Migration.all.prefix(2)))
            try await old.writer.write { [incident] connection throws(StoreError) in
                // With the columns that there were.
                try connection.run(
                    """
                    INSERT INTO incidents (id, version, opened_at, phase, title, target, json)
                    VALUES (?1, 1, 1, ?2, ?3, ?4, ?5)
                    """,
                    [
                        .text(incident.id.description), .text(incident.phase.name), .text(incident.title),
                        .optional(incident.target?.storedKey), .text(json),
                    ])
                try IntentRows.insert(intent, json: StoredJSON.text(intent, of: "intent"), on: connection)
            }
            await old.close()
            let database = try await SQLiteDatabase(path: path)
            let store = SQLiteStore(database)
            #expect(!json.contains("approvedBy"))
            #expect(try await store.incident(incident.id) == incident)
            #expect(try await store.pendingIntents() == [intent])
            incident.version = 2
            var change = StoreChange(incident: incident)
            change.receipt = (intent.id, Receipt(ending: .unknown(reason: "interrupted")))
            change.audit = [StoreSamples.auditRecord(1, .receipt)]
            try await store.commit(change)
            #expect(try await AuditChain.records(of: store).map(\.event) == [.receipt])
        }
    }

    @Test func `is whole after a crash between an intent and its receipt`() async throws {
        try await withTemporaryDirectory { directory in
            let store = SQLiteStore(try await SQLiteDatabase(path: directory + "/jarvis.sqlite"))
            var incident = StoreSamples.incident(1)
            var change = StoreChange(incident: incident)
            change.intent = StoreSamples.intent(1)
            change.audit = [StoreSamples.auditRecord(1)]
            try await store.commit(change)
            let next = SQLiteStore(try await openCopy(of: directory))
            #expect(try await AuditChain.records(of: next) == change.audit)
            incident.version = 2
            var end = StoreChange(incident: incident)
            end.receipt = (StoreSamples.intent(1).id, Receipt(ending: .unknown(reason: "interrupted")))
            end.audit = [StoreSamples.auditRecord(2, .receipt)]
            try await next.commit(end)
            #expect(try await AuditChain.records(of: next).map(\.event) == [.intent, .receipt])
        }
    }

    @Test func `is told of once for each record that was kept`() async throws {
        try await withTemporaryDirectory { directory in
            let (events, told) = AsyncStream<AuditRecord.Event>.makeStream()
            let store = SQLiteStore(
                try await SQLiteDatabase(path: directory + "/jarvis.sqlite"), onAudited: { told.yield($0) })
            let hold = Hold(mode: .pause, host: nil, by: "ada", reason: "", since: StoreSamples.start)
            try await store.place(hold)
            for _ in 1...2 { _ = try await store.lift(.pause, host: nil, by: "ada", at: StoreSamples.start) }
            try await store.setAutonomy(.init(level: .observe), by: "ada", at: StoreSamples.start)
            for _ in 1...2 { _ = try await store.resetAutonomy(by: "ada", at: StoreSamples.start) }
            var change = StoreChange()
            change.audit = [StoreSamples.auditRecord(1, .decision)]
            change.receipt = (StoreSamples.intent(9).id, Receipt(ending: .timedOut))
            await #expect(throws: StoreError.self) { try await store.commit(change) }
            change.receipt = nil
            try await store.commit(change)
            told.finish()
            let heard = await events.reduce(into: []) { $0.append($1) }
            #expect(heard == [.hold, .lift, .autonomy, .reset, .decision])
        }
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["JARVIS_RATES"] != nil))
    func `costs of a commit with and without records`() async throws {
        for (callers, count) in [(1, 3000), (16, 10_000), (64, 10_000)] {
            for records in [0, 1] {
                try await withTemporaryDirectory { directory in
                    let database = try await SQLiteDatabase(path: directory + "/jarvis.sqlite")
                    let store = SQLiteStore(database)
                    let time = try await ContinuousClock().measure {
                        try await commit(count, callers: callers, records: records, store)
                    }
                    let each = Int((time / .microseconds(count)).rounded())
                    print("commit, \(callers) callers, \(records) records: \(each) µs each")
                    guard records == 1 else { return }
                    let check = try ContinuousClock().measure {
                        let found = try fault(directory + "/jarvis.sqlite")
                        #expect(found == nil)
                    }
                    print("check of \(count) records: \(Int((check / .milliseconds(1)).rounded())) ms")
                }
            }
        }
    }

    /// Each change is what a receipt brings: a version of the incident, a line of its history, a job.
    private func commit(_ count: Int, callers: Int, records: Int, _ store: SQLiteStore) async throws {
        try await withThrowingTaskGroup { group in
            for caller in 1...callers {
                group.addTask {
                    var incident = StoreSamples.incident(caller, target: nil)
                    for version in 1...(count / callers) {
                        incident.version = version
                        var change = StoreChange(incident: incident)
                        change.entries = [StoreSamples.entry("receipt")]
                        change.jobs = [JobRequest(.observe(incident.id, round: 0), dueAt: StoreSamples.start)]
                        change.audit = (0..<records).map { _ in StoreSamples.auditRecord(version, .receipt) }
                        try await store.commit(change)
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
