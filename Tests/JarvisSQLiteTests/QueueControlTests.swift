// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import Foundation
import JarvisCore
import JarvisSQLite
import JarvisTestSupport
import Synchronization
import Testing

@Suite struct `Given-up jobs` {
    /// Deliveries whose intake was given up.
    private func givenUp(_ count: Int, in store: SQLiteStore, _ queue: SQLiteJobQueue) async throws -> [Int64] {
        for number in 0..<count { try await store.accept(StoreSamples.delivery(number)) }
        let claims = try await queue.claim(limit: count, lease: .seconds(60), JobSelection())
        for claim in claims { #expect(try await queue.deadLetter(claim, reason: "number \(claim.id)")) }
        return claims.map(\.id).sorted()
    }

    @Test func `are listed with what they were about and why, newest first`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await SQLiteDatabase(path: directory + "/jarvis.sqlite")
            let store = SQLiteStore(database)
            let jobs = try await givenUp(3, in: store, SQLiteJobQueue(database))
            try await store.accept(StoreSamples.delivery(9))
            let overview = try await store.queueOverview(limit: 2)
            #expect(
                overview.depths == [
                    .init(kind: "intake", state: "dead", count: 3), .init(kind: "intake", state: "ready", count: 1),
                ])
            #expect(overview.givenUp.map(\.job) == [jobs[2], jobs[1]])
            #expect(overview.givenUp.first?.reason == "number \(jobs[2])")
            #expect(overview.givenUp.first?.attempts == 1)
            let subjects = Set((0..<3).map { StoreSamples.delivery($0).id.description })
            #expect(overview.givenUp.allSatisfy { subjects.contains($0.subject ?? "") })
            #expect(overview.oldestDue != nil)
        }
    }

    @Test func `are tried again with all their attempts when a person says so, which is recorded`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await SQLiteDatabase(path: directory + "/jarvis.sqlite")
            let rung = Mutex(0)
            let store = SQLiteStore(database, onJobsCommitted: { rung.withLock { $0 += 1 } })
            let queue = SQLiteJobQueue(database)
            let jobs = try await givenUp(3, in: store, queue)
            rung.withLock { $0 = 0 }
            #expect(try await store.retryGivenUp(jobs[0], by: "ada", at: Date()) == 1)
            #expect(try await store.retryGivenUp(jobs[0], by: "ada", at: Date()) == 0)
            #expect(try await store.retryGivenUp(nil, by: "eve", at: Date()) == 2)
            #expect(try await store.retryGivenUp(nil, by: "eve", at: Date()) == 0)
            #expect(rung.withLock { $0 } == 2)
            #expect(try await store.queueOverview(limit: 9).givenUp.isEmpty)
            let records = try await AuditChain.records(of: store)
            #expect(records.map(\.event) == [.retry, .retry, .retry])
            #expect(records.map(\.job) == jobs)
            #expect(records.map(\.actor) == [.person("ada"), .person("eve"), .person("eve")])
            #expect(records[0].why == "intake, given up: number \(jobs[0])")
            let again = try await queue.claim(limit: 9, lease: .seconds(60), JobSelection())
            #expect(again.map(\.attempts) == [1, 1, 1])
        }
    }

    @Test func `are dropped one by one, which is recorded; others never`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await SQLiteDatabase(path: directory + "/jarvis.sqlite")
            let store = SQLiteStore(database)
            let jobs = try await givenUp(2, in: store, SQLiteJobQueue(database))
            try await store.accept(StoreSamples.delivery(9))
            #expect(try await store.dropGivenUp(jobs[1], by: "ada", at: Date()))
            for job in [jobs[1], jobs[1] + 1, -1] {
                #expect(try await !store.dropGivenUp(job, by: "ada", at: Date()), "\(job)")
            }
            #expect(try await store.queueOverview(limit: 9).givenUp.map(\.job) == [jobs[0]])
            #expect(try await store.queueOverview(limit: 9).depths.map(\.count) == [1, 1])
            let records = try await AuditChain.records(of: store)
            #expect(records.map(\.event) == [.drop])
            #expect(records.first?.job == jobs[1])
        }
    }
}
