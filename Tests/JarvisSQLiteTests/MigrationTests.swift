// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import Foundation
import JarvisCore
import JarvisTestSupport
import Testing

@testable import JarvisSQLite

@Suite struct `A database of an older version` {
    static let older = 1..<Migration.all.count

    @Test(arguments: older) func `goes on with all that was in flight`(_ version: Int) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/jarvis.sqlite"
            try await OlderDatabase.make(version, at: path)
            let clock = ManualQueueClock(StoreSamples.start + 10)
            let database = try await SQLiteDatabase(path: path, queueClock: clock.clock)
            let store = SQLiteStore(database)
            let queue = SQLiteJobQueue(database)

            for incident in OlderDatabase.incidents { #expect(try await store.incident(incident.id) == incident) }
            for number in 1...3 {
                #expect(try await store.delivery(StoreSamples.delivery(number).id) == StoreSamples.delivery(number))
            }
            #expect(try await store.pendingIntents() == [StoreSamples.intent(1)])
            #expect(try await store.holds(at: StoreSamples.start).count == (version >= 2 ? 1 : 0))
            #expect(try await AuditChain.records(of: store).count == (version >= 3 ? 1 : 0))
            #expect(try await queue.deadJobs(limit: 10).map(\.reason) == ["it can't"])

            // What a process of before held is free at once, by whatever clock its lease was measured.
            let claimed = try await queue.claim(limit: 100, lease: .seconds(60), JobSelection())
            #expect(claimed.count == 2 + OlderDatabase.incidents.count - 1)
            #expect(claimed.allSatisfy { $0.token > 5 })
            for incident in OlderDatabase.incidents {
                guard let work = OlderDatabase.work(of: incident) else { continue }
                let payload = try work.payload()
                let claim = try #require(claimed.first { $0.payload == payload })
                try await goOn(incident, claim, store)
            }
            #expect(try await store.incidents(openOnly: true, limit: 100).isEmpty)
            #expect(try await store.pendingIntents().isEmpty)
            #expect(try await queue.revive(try #require(try await queue.deadJobs(limit: 1).first).id))
            #expect(try SQLiteInspection.report(on: path, depth: .full).faults == [])
        }
    }

    /// The next change of an incident, in the transaction that ends its job.
    private func goOn(_ incident: Incident, _ claim: ClaimedJob, _ store: SQLiteStore) async throws {
        var next = incident
        next.version += 1
        next.phase = .closed(StoreSamples.closing)
        var change = StoreChange(incident: next)
        change.entries = [StoreSamples.entry("ended")]
        change.completing = JobClaim(job: claim.id, token: claim.token)
        if let attempt = incident.attempts.first {
            let receipt = Receipt(ending: .unknown(reason: "it was begun by the version of before"))
            change.receipt = (attempt.intent.id, receipt)
        }
        change.audit = [StoreSamples.auditRecord(2)]
        try await store.commit(change)
        #expect(try await store.timeline(of: incident.id, after: 0, limit: 10).count == 2)
    }

    @Test(arguments: older) func `is copied before it is changed, and the copy is one that its version opens`(
        _ version: Int
    ) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/jarvis.sqlite"
            try await OlderDatabase.make(version, at: path)
            var told: [String] = []
            let database = try await SQLiteDatabase(path: path, now: StoreSamples.start) {
                #expect($0 == version)
                told.append($1)
            }
            await database.close()
            let copy = path + ".schema\(version)-20231114T221320Z"
            #expect(told == [copy])
            #expect(SchemaCopy.existing(beside: path) == [copy])
            let mode = try FileManager.default.attributesOfItem(atPath: copy)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            // The way back: the older program knows no more than its own migrations.
            let before = try await SQLiteDatabase(
                path: copy, now: StoreSamples.start, migrations: Array(Migration.all.prefix(version)))
            let rows = try await before.reader.read { connection throws(StoreError) in
                try connection.integer("SELECT count(*) FROM incidents")
            }
            #expect(rows == Int64(OlderDatabase.incidents.count))
            await before.close()
            // It is up to date now: nothing is copied any more.
            await (try SQLiteDatabase(path: path) { _, _ in Issue.record("copied again") }).close()
        }
    }

    @Test func `keeps its last two copies, and removes what an interrupted one left`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/jarvis.sqlite"
            try await OlderDatabase.make(1, at: path)
            for name in ["schema1-20200101T000000Z", "schema2-20210101T000000Z", "schema10-20220101T000000Z"] {
                try Data("old".utf8).write(to: URL(fileURLWithPath: path + "." + name))
            }
            try Data("half".utf8).write(to: URL(fileURLWithPath: path + ".schema1-20230101T000000Z.partial"))
            await (try SQLiteDatabase(path: path, now: StoreSamples.start)).close()
            #expect(
                SchemaCopy.existing(beside: path) == [
                    path + ".schema10-20220101T000000Z", path + ".schema1-20231114T221320Z",
                ])
            let names = try FileManager.default.contentsOfDirectory(atPath: directory)
            #expect(!names.contains { $0.hasSuffix(".partial") })
        }
    }

    @Test func `is not changed when it can't be copied, which says what to do`() async throws {
        try await FaultyDisk.with { disk in
            try await OlderDatabase.make(1, at: disk.path)
            let copy = "jarvis.sqlite.schema1-20231114T221320Z.partial"
            for fault in ["write 28 \(copy)", "sync 5 \(copy)"] {
                try disk.fail(fault)
                await #expect("\(fault)") {
                    try await SQLiteDatabase(path: disk.path, now: StoreSamples.start)
                } throws: {
                    guard case .unavailable(let reason) = $0 as? StoreError else { return false }
                    return reason.contains("Make room beside") && reason.contains("Nothing was changed")
                }
                try disk.fail(nil)
                let version = try SQLiteConnection(path: disk.path, access: .readOnly).integer("PRAGMA user_version")
                #expect(version == 1)
                #expect(
                    try FileManager.default.contentsOfDirectory(atPath: disk.directory).allSatisfy {
                        !$0.contains("schema")
                    })
            }
            let database = try await SQLiteDatabase(path: disk.path, now: StoreSamples.start)
            #expect(try await SQLiteStore(database).pendingIntents().count == 1)
        }
    }
}
