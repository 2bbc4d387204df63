// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import DurableQueue
import Foundation
import JarvisCore
import JarvisPostgres
import JarvisTestSupport
import Logging
import Testing

/// Several instances on one database; every one has connections of its own.
@Suite struct `A database that instances share` {
    private func withReplicas(
        _ count: Int = 3, _ body: ([PostgresDatabase]) async throws -> Void
    ) async throws {
        try await withDatabase { settings in
            // They start at the same moment, on a database that nobody has prepared.
            let databases = try await withThrowingTaskGroup(of: PostgresDatabase.self) { group in
                for _ in 0..<count { group.addTask { try await PostgresDatabase(settings) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            try await body(databases)
            for database in databases { await database.close() }
        }
    }

    @Test func `gives no job to two of them, and every job to one`() async throws {
        try await withReplicas { databases in
            let queues = databases.map(PostgresJobQueue.init)
            let due = Date(timeIntervalSince1970: 1_700_000_000)
            try await queues[0].enqueue(
                (0..<600).map { NewJob(kind: "k", payload: "\($0)", lane: "host \($0 % 7)", dueAt: due) })
            let claimed = try await withThrowingTaskGroup(of: [ClaimedJob].self) { group in
                for worker in 0..<12 {
                    group.addTask {
                        var mine: [ClaimedJob] = []
                        while true {
                            let some = try await queues[worker % queues.count].claim(
                                limit: 5, lease: .seconds(600), JobSelection(lanePlaces: 3))
                            if some.isEmpty { return mine }
                            mine += some
                        }
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(claimed.count == 600)
            #expect(Set(claimed.map(\.id)).count == 600)
            #expect(Set(claimed.map(\.token)).count == 600)
        }
    }

    @Test func `lets one of them change a version, and starts one step on a host`() async throws {
        try await withReplicas { databases in
            let stores = databases.map { PostgresStore($0) }
            var incident = StoreSamples.incident(1)
            try await stores[0].commit(StoreChange(incident: incident))
            incident.version = 2
            let next = StoreChange(incident: incident)
            let changed = await successes(30) { try await stores[$0 % stores.count].commit(next) }
            #expect(changed == 1)
            let started = await successes(30) { number in
                var change = StoreChange(incident: StoreSamples.incident(number + 10, target: nil))
                let sample = StoreSamples.intent(number)
                change.intent = Intent(
                    id: sample.id, incident: StoreSamples.incidentID(number + 10), step: 0, action: sample.action,
                    canonical: sample.canonical, fencingToken: 7, recordedAt: StoreSamples.start,
                    remoteDeadlineSeconds: 30)
                change.blastRadius = .standard
                try await stores[number % stores.count].commit(change)
            }
            #expect(started == 1)
            #expect(try await stores[0].pendingIntents().count == 1)
        }
    }

    @Test func `opens one incident about a target`() async throws {
        try await withReplicas { databases in
            let stores = databases.map { PostgresStore($0) }
            let opened = await successes(30) { number in
                try await stores[number % stores.count].commit(StoreChange(incident: StoreSamples.incident(number)))
            }
            #expect(opened == 1)
        }
    }

    @Test func `has one chain of audit records and one order of history, whoever wrote them`() async throws {
        try await withReplicas { databases in
            let stores = databases.map { PostgresStore($0) }
            // Somebody reads along, page by page, while they write.
            let reader = Task {
                var seen: [Int64] = []
                while seen.count < 240 {
                    let page = try await stores[2].timeline(of: nil, after: seen.last ?? 0, limit: 7)
                    seen += page.map(\.sequence)
                    if page.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
                }
                return seen
            }
            let written = await successes(120) { number in
                var change = StoreChange(incident: StoreSamples.incident(number, target: nil))
                change.entries = [StoreSamples.entry("\(number)a"), StoreSamples.entry("\(number)b")]
                change.audit = [StoreSamples.auditRecord(number * 2), StoreSamples.auditRecord(number * 2 + 1)]
                try await stores[number % stores.count].commit(change)
            }
            #expect(written == 120)
            let records = try await AuditChain.records(of: stores[1])
            #expect(Set(records.compactMap(\.command)).count == 240)
            let seen = try await reader.value
            let all = try await stores[0].timeline(of: nil, after: 0, limit: 1000).map(\.sequence)
            #expect(seen == all)
        }
    }

    @Test func `keeps an intent back that comes after a hold, also while both are written at once`() async throws {
        try await withReplicas(2) { databases in
            let stores = databases.map { PostgresStore($0) }
            for round in 0..<20 {
                let host = try #require(HostName("h\(round)"))
                let hold = Hold(
                    mode: .pause, host: host, by: "ada", reason: "r", since: StoreSamples.start, until: nil)
                async let placing: Void = stores[0].place(hold)
                async let begun = successes(1) { _ in
                    var change = StoreChange(incident: StoreSamples.incident(round + 100, target: nil))
                    change.intent = intent(round, on: host)
                    try await stores[1].commit(change)
                }
                try await placing
                _ = await begun
                // What was written, was written before the hold was; from now on nothing is.
                let before = try await stores[0].pendingIntents().count
                let late = await successes(4) { number in
                    var change = StoreChange(incident: StoreSamples.incident(round * 10 + number + 1000, target: nil))
                    change.intent = intent(round * 10 + number + 1000, on: host)
                    try await stores[number % 2].commit(change)
                }
                #expect(late == 0)
                #expect(try await stores[0].pendingIntents().count == before)
            }
        }
    }

    @Test func `is taken over when the lease of an instance runs out, and the old holder writes nothing more`()
        async throws
    {
        try await withDatabase { settings in
            let clock = ManualQueueClock(StoreSamples.start)
            let dead = try await PostgresDatabase(settings, queueClock: clock.clock)
            let alive = try await PostgresDatabase(settings, queueClock: clock.clock)
            try await PostgresStore(dead).accept(StoreSamples.delivery(1))
            let held = try await PostgresJobQueue(dead).claim(limit: 1, lease: .seconds(60), JobSelection())
            clock.move(to: StoreSamples.start + 59)
            let early = try await PostgresJobQueue(alive).claim(limit: 1, lease: .seconds(60), JobSelection())
            #expect(early.isEmpty)
            clock.move(to: StoreSamples.start + 60)
            let taken = try await PostgresJobQueue(alive).claim(limit: 1, lease: .seconds(60), JobSelection())
            #expect(taken.map(\.id) == held.map(\.id))
            var change = StoreChange(incident: StoreSamples.incident(1))
            change.holding = JobClaim(job: held[0].id, token: held[0].token)
            change.intent = StoreSamples.intent(1)
            await #expect(throws: StoreError.claimLost) { try await PostgresStore(dead).commit(change) }
            #expect(try await PostgresStore(alive).pendingIntents().isEmpty)
            await dead.close()
            await alive.close()
        }
    }

    @Test func `wakes the others when one has put work into the queue`() async throws {
        try await withReplicas(2) { databases in
            let (rings, ring) = AsyncStream<Void>.makeStream()
            let listener = PostgresListener(databases[1], logger: Logger(label: "test")) { ring.yield() }
            let listening = Task { await listener.run() }
            var next = rings.makeAsyncIterator()
            // Once for what may have been there before it listened.
            await next.next()
            try await PostgresStore(databases[0]).accept(StoreSamples.delivery(1))
            await next.next()
            let jobs = try await PostgresJobQueue(databases[1]).claim(
                limit: 1, lease: .seconds(60), JobSelection())
            #expect(jobs.count == 1)
            _ = try await PostgresJobQueue(databases[1]).release(jobs[0])
            await next.next()
            listening.cancel()
            await listening.value
        }
    }

    private func intent(_ number: Int, on host: HostName) -> Intent {
        Intent(
            id: StoreSamples.id(number), incident: StoreSamples.incidentID(number < 1000 ? number + 100 : number),
            step: 0, action: Action(.containerRestart, on: Target(host: host, kind: .container, name: "web")),
            canonical: "docker restart web", fencingToken: 7, recordedAt: StoreSamples.start,
            remoteDeadlineSeconds: 30)
    }

    /// How many of so many concurrent calls returned.
    private func successes(_ count: Int, _ body: @escaping @Sendable (Int) async throws -> Void) async -> Int {
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<count { group.addTask { (try? await body(number)) != nil } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
    }
}
