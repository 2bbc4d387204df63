// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import Foundation
import JarvisCore
import JarvisTestSupport
import Testing

@testable import JarvisSQLite

/// A store with a million rows answers as one with ten: no statement walks over a table that grows.
@Suite(.timeLimit(.minutes(5))) struct `Every statement of the store` {
    /// What stays small whatever is stored; everything else grows.
    private static let small: Set = [
        "holds", "autonomy_rules", "credentials", "job_fence", "json_each", "CONSTANT",
    ]
    /// Indexes of only a few rows, which may be walked over: what is claimed by workers, given up or running.
    private static let smallIndexes: Set = [
        "incidents_silence_work", "jobs_claimed", "jobs_given_up", "intents_pending", "intents_running",
    ]
    /// The conditions of partial indexes, as statements write them that have no other.
    private static let conditions = [
        "incidents_open": "WHERE closed_at IS NULL ORDER BY",
        "jobs_order": "WHERE available_at IS NOT NULL AND true\nORDER BY",
    ]
    /// Statements that may walk over all, by how they begin, each with its reason.
    private static let exceptions = [
        "SELECT count(*) FROM ": "figures of a whole table, read once at the start and in tests",
        "SELECT kind, state, count(*) FROM jobs GROUP BY":
            "a person asks, and the metrics four times a minute; what is done is not in the table any more",
        "SELECT id FROM incidents WHERE closed_at IS NULL": "all open ones, once at the start",
        "UPDATE jobs SET due_at = ?1, available_at = ?1": "what waits of some kinds, once at the start",
        "UPDATE jobs SET due_at = due_at - ?1": "what waits, once when the wall clock was set back",
        "DELETE FROM autonomy_rules": "a person's own rules",
        "SELECT json, receipt FROM intents WHERE incident = ?1 AND host": "sorts the few steps of one incident",
        "SELECT json, receipt FROM intents INDEXED BY intents_pending": "sorts the few steps that run",
    ]

    @Test func `is run by a test here, and finds what it looks for by an index`() async throws {
        let statements = try await prepared()
        try checkThatAllAreThere(statements)
        try await withTemporaryDirectory { directory in
            let database = try await SQLiteDatabase(path: directory + "/jarvis.sqlite")
            for sql in statements.sorted() where sql.contains(/^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/) {
                let plan = try await database.reader.read { connection throws(StoreError) in
                    try connection.rows("EXPLAIN QUERY PLAN " + sql) { row throws(StoreError) in row.text(3) ?? "" }
                }
                guard !Self.exceptions.keys.contains(where: { sql.hasPrefix($0) }) else { continue }
                for line in plan {
                    if let fault = Self.fault(line, of: sql) { Issue.record("\(fault): \(sql)\n\(plan)") }
                }
            }
        }
    }

    /// What is wrong with one line of a plan; nil where nothing is.
    private static func fault(_ line: String, of sql: String) -> String? {
        let words = line.split(separator: " ").map(String.init)
        let index = words.firstIndex(of: "INDEX").flatMap { words.indices.contains($0 + 1) ? words[$0 + 1] : nil }
        if line.hasPrefix("USE TEMP B-TREE") {
            return small.contains { sql.contains("FROM \($0)") } ? nil : "it sorts what it found"
        }
        // What a subquery finds has lines of its own.
        guard words.first == "SCAN", words.count > 1, !small.contains(words[1]), !words[1].hasPrefix("(subquery")
        else { return nil }
        if let index, smallIndexes.contains(index) { return nil }
        // In the order of an index, up to a number of rows: it has no condition but that of the index.
        let isBounded =
            sql.contains("LIMIT")
            && (!sql.contains("WHERE") || index.flatMap { conditions[$0] }.map { sql.contains($0) } == true)
        return isBounded ? nil : "it walks over \(words[1])"
    }

    /// A statement that no test here runs would be looked at by nobody.
    private func checkThatAllAreThere(_ prepared: Set<String>) throws {
        let statements = Set(prepared.map(Self.normal))
        var literals = 0
        for literal in try Self.literals() {
            literals += 1
            let pieces = literal.split(separator: /\\\([^)]*\)/).map { Self.normal(String($0)) }
            let isSeen = statements.contains { statement in
                var rest = statement[...]
                return pieces.allSatisfy { piece in
                    guard let range = rest.firstRange(of: piece) else { return false }
                    rest = rest[range.upperBound...]
                    return true
                }
            }
            #expect(isSeen, "run it in `tour`: \(literal)")
        }
        #expect(literals > 50)
    }

    private static func normal(_ sql: String) -> String {
        sql.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// The literals of this target's sources that are statements, without those of tools that look at all on purpose.
    private static func literals() throws -> [String] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources/JarvisSQLite")
        let names = try FileManager.default.subpathsOfDirectory(atPath: root.path).filter {
            $0.hasSuffix(".swift") && !$0.hasPrefix("Migrations/") && !$0.hasPrefix("Operating/")
        }
        var found: [String] = []
        for name in names {
            let text = try String(contentsOf: root.appendingPathComponent(name), encoding: .utf8)
            for match in text.matches(of: /"""\n\s*((?:SELECT|INSERT|UPDATE|DELETE|WITH) [^"]*)"""/) {
                found.append(String(match.output.1))
            }
            for match in text.matches(of: /"((?:SELECT|INSERT|UPDATE|DELETE|WITH) [^"\n]*)"/) {
                found.append(String(match.output.1))
            }
        }
        return found.filter { !$0.contains("sqlite_schema") }
    }

    /// Every statement that the conformance suites and the tour prepare.
    private func prepared() async throws -> Set<String> {
        var found: Set<String> = []
        for promise in JobQueueConformance.cases {
            found.formUnion(
                try await collecting { database, directory in
                    let clock = ManualQueueClock(JobQueueConformance.start)
                    try await promise.check(
                        .init(queue: SQLiteJobQueue(database), clock: clock) {
                            SQLiteJobQueue(try await openCopy(of: directory, queueClock: clock.clock))
                        })
                })
        }
        for promise in StoreConformance.cases {
            found.formUnion(
                try await collecting { database, directory in
                    let clock = ManualQueueClock(StoreSamples.start)
                    try await promise.check(
                        .init(store: SQLiteStore(database), queue: SQLiteJobQueue(database), clock: clock) {
                            SQLiteStore(try await openCopy(of: directory))
                        })
                })
        }
        return found.union(try await collecting { database, _ in try await tour(database) })
    }

    private func collecting(_ body: (SQLiteDatabase, String) async throws -> Void) async throws -> Set<String> {
        try await withTemporaryDirectory { directory in
            let database = try await SQLiteDatabase(path: directory + "/jarvis.sqlite")
            // What a promise says by a clock of its own is for the suites to check.
            do { try await body(database, directory) } catch is BrokenPromise {}
            let written = try await database.writer.write { connection throws(StoreError) in connection.prepared }
            let read = try await database.reader.read { connection throws(StoreError) in connection.prepared }
            return Set(written + read)
        }
    }

    /// What the ports' suites don't ask for.
    private func tour(_ database: SQLiteDatabase) async throws {
        let store = SQLiteStore(database)
        let queue = SQLiteJobQueue(database)
        let now = StoreSamples.start
        for number in 1...3 { try await store.accept(StoreSamples.delivery(number, rejected: 1)) }
        try await store.commit(StoreChange(incident: StoreSamples.incident(1)))
        _ = try await store.incident(idPrefix: "0")
        _ = try await store.intents(of: StoreSamples.incidentID(1))
        _ = try await store.pendingIntents()
        _ = try await store.rejectedAlerts(limit: 1)
        _ = try await store.statistics()
        try await store.probeWrite()
        _ = try await store.saveCredentials(["a": "b"], at: now)
        _ = try await store.idleIncidents()
        _ = try await store.incidentsWithSilenceWork()
        _ = try await store.load()
        _ = try await store.credential("a")
        for claim in try await queue.claim(limit: 2, lease: .seconds(60), JobSelection()) {
            _ = try await queue.deadLetter(claim, reason: "no")
        }
        let dead = try await store.queueOverview(limit: 9).givenUp
        _ = try await store.retryGivenUp(dead.first?.job, by: "ada", at: now)
        _ = try await store.retryGivenUp(nil, by: "ada", at: now)
        for claim in try await queue.claim(limit: 1, lease: .seconds(60), JobSelection()) {
            _ = try await queue.deadLetter(claim, reason: "no")
            _ = try await store.dropGivenUp(claim.id, by: "ada", at: now)
        }
        _ = try await store.pruneDeliveries(before: now + 1)
        var closed = StoreSamples.incident(7, target: nil)
        closed.phase = .closed(StoreSamples.closing)
        try await store.commit(StoreChange(incident: closed))
        #expect(try await store.pruneIncidents(before: now + 1_000) == 1)
        _ = try await store.pruneAlerts(before: now + 1_000)
        _ = try await store.snapshot(before: StoreSamples.id(1))
        _ = try await store.snapshots(of: StoreSamples.incidentID(1), limit: 1)
        _ = try await store.pruneSnapshots(before: now + 1_000)
        try await queue.bringForward(JobRequest.Work.kindsThatMayComeEarly, by: .seconds(1))
        try await queue.makeDue([JobRequest.Work.intakeKind])
        _ = try await store.autonomyRules()
        var holding = StoreChange()
        holding.holding = JobClaim(job: 1, token: 1)
        await #expect(throws: StoreError.claimLost) { try await store.commit(holding) }
        try await store.markRestored(from: now, by: "ada", at: now)
    }
}
