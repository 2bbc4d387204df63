// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import Foundation
import JarvisCore
import JarvisStore
import JarvisTestSupport
import Logging
import Testing

@testable import JarvisPostgres

@Suite struct `When the server is away` {
    private func isUnavailable(_ error: any Error) -> Bool {
        if case .unavailable = error as? StoreError { true } else { false }
    }

    /// A server of its own, for what would disturb others.
    private func withServer(options: [String] = [], _ body: (PostgresServer) async throws -> Void) async throws {
        try await body(try await PostgresServer(options: options))
    }

    @Test func `calls fail at once and work again when it is back, with everything that was accepted`() async throws {
        try await withServer { server in
            let settings = PostgresSettings(url: server.url("postgres"))
            let database = try await PostgresDatabase(settings)
            let store = PostgresStore(database)
            try await store.accept(StoreSamples.delivery(1))
            let held = try await PostgresJobQueue(database).claim(limit: 1, lease: .seconds(600), JobSelection())
            try server.kill()
            for number in 2...40 {
                await #expect { try await store.accept(StoreSamples.delivery(number)) } throws: { isUnavailable($0) }
            }
            #expect(database.pool.connected == 0)
            try await server.start()
            try await eventually("the store works again") {
                (try? await store.accept(StoreSamples.delivery(99))) != nil
            }
            #expect(try await store.delivery(StoreSamples.delivery(1).id) == StoreSamples.delivery(1))
            #expect(try await store.delivery(StoreSamples.delivery(2).id) == nil)
            #expect(try await PostgresJobQueue(database).complete(held[0]))
            await database.close()
        }
    }

    @Test func `deliveries wait in the spool and are taken in when it is back`() async throws {
        let path = NSTemporaryDirectory() + "/jarvis-spool-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await withServer { server in
            let database = try await PostgresDatabase(PostgresSettings(url: server.url("postgres")))
            let store = PostgresStore(database)
            let log = SpoolingAlertLog(before: store, folder: try SpoolFolder(path: path)) { _ in }
            try await log.accept(StoreSamples.delivery(0))
            try server.kill()
            for number in 1...40 { try await log.accept(StoreSamples.delivery(number)) }
            guard case .away = await log.drain() else { return #expect(Bool(false), "drained into nothing") }
            try await server.start()
            try await eventually("everything is in the database") { await log.drain() == .empty }
            for number in 0...40 {
                #expect(try await store.delivery(StoreSamples.delivery(number).id) == StoreSamples.delivery(number))
            }
            #expect(try await PostgresJobQueue(database).counts().map(\.count) == [41])
            await database.close()
        }
    }

    @Test func `what was answered before a crash is there after it, and nothing twice`() async throws {
        try await withServer { server in
            let database = try await PostgresDatabase(PostgresSettings(url: server.url("postgres")))
            let store = PostgresStore(database)
            let accepted = Locked<Set<Int>>([])
            let writing = Task {
                await withTaskGroup { group in
                    for writer in 0..<8 {
                        group.addTask {
                            for number in 0..<400 where !Task.isCancelled {
                                let id = writer * 1000 + number
                                guard (try? await store.accept(StoreSamples.delivery(id))) != nil else { return }
                                accepted.update { $0.insert(id) }
                            }
                        }
                    }
                }
            }
            try await eventually("some are accepted") { accepted.value.count > 100 }
            try server.kill()
            await writing.value
            try await server.start()
            try await eventually("the store answers") { (try? await store.statistics()) != nil }
            for id in accepted.value {
                #expect(try await store.delivery(StoreSamples.delivery(id).id) != nil, "delivery \(id)")
            }
            let statistics = try await store.statistics()
            #expect(statistics.deliveries >= accepted.value.count)
            #expect(try await PostgresJobQueue(database).counts().map(\.count) == [statistics.deliveries])
            await database.close()
        }
    }

    @Test func `notifications come again after it was away, and what was missed is asked for`() async throws {
        try await withServer { server in
            let database = try await PostgresDatabase(PostgresSettings(url: server.url("postgres")))
            let (rings, ring) = AsyncStream<Void>.makeStream()
            let listener = PostgresListener(database, logger: Logger(label: "test")) { ring.yield() }
            let listening = Task { await listener.run() }
            var next = rings.makeAsyncIterator()
            await next.next()
            try server.kill()
            try await server.start()
            await next.next()
            try await eventually("a delivery is accepted") {
                (try? await PostgresStore(database).accept(StoreSamples.delivery(1))) != nil
            }
            await next.next()
            listening.cancel()
            await listening.value
            await database.close()
        }
    }

    @Test func `a limit of connections leaves the work to those there are`() async throws {
        try await withServer(options: ["max_connections=6", "superuser_reserved_connections=0"]) { server in
            try await server.psql("CREATE ROLE other LOGIN SUPERUSER")
            let settings = PostgresSettings(url: server.url("postgres"), connections: 8)
            let database = try await PostgresDatabase(settings)
            let store = PostgresStore(database)
            let queue = PostgresJobQueue(database)
            try await withThrowingTaskGroup { group in
                for number in 0..<60 {
                    group.addTask { try await store.accept(StoreSamples.delivery(number)) }
                    group.addTask { _ = try await queue.counts() }
                }
                try await group.waitForAll()
            }
            #expect((1...6).contains(database.pool.connected))
            await database.close()
        }
    }

    @Test func `no connection left is unavailable, and said`() async throws {
        try await withServer(options: ["max_connections=3", "superuser_reserved_connections=0"]) { server in
            let settings = PostgresSettings(url: server.url("postgres"), connections: 3)
            var others: [PostgresConnection] = []
            try await eventually("all are taken") {
                do { others.append(try PostgresConnection.open(settings)) } catch { return true }
                return false
            }
            await #expect { try await PostgresDatabase(settings) } throws: { error in
                guard case .unavailable(let reason) = error as? StoreError else { return false }
                return reason.contains("too many clients")
            }
            others = []
        }
    }

    @Test func `a statement that takes too long and a lock that nobody gives back are unavailable`() async throws {
        try await withDatabase { settings in
            let url = settings.url
            let database = try await PostgresDatabase(PostgresSettings(url: url))
            let hasty = try await PostgresDatabase(
                PostgresSettings(url: url, statementLimit: .milliseconds(300), lockLimit: .milliseconds(200)))
            await #expect {
                try await hasty.pool.statements { connection throws(StoreError) in
                    _ = try connection.query("SELECT pg_sleep(30)")
                }
            } throws: { isUnavailable($0) }
            let other = try PostgresConnection.open(settings)
            _ = try other.query("BEGIN")
            _ = try other.query("LOCK TABLE incidents")
            await #expect {
                try await PostgresStore(hasty).commit(StoreChange(incident: StoreSamples.incident(1)))
            } throws: { isUnavailable($0) }
            _ = try other.query("ROLLBACK")
            // The connections are as good as before.
            try await PostgresStore(hasty).commit(StoreChange(incident: StoreSamples.incident(1)))
            #expect(hasty.pool.connected > 0)
            await hasty.close()
            await database.close()
        }
    }

    @Test func `a server that says nothing is given up, and the connection with it`() async throws {
        try await withServer { server in
            let database = try await PostgresDatabase(
                PostgresSettings(
                    url: server.url("postgres"), connections: 1, statementLimit: .milliseconds(200),
                    answerMargin: .milliseconds(300)))
            let store = PostgresStore(database)
            try await server.signalBackends(SIGSTOP)
            await #expect { try await store.accept(StoreSamples.delivery(1)) } throws: { isUnavailable($0) }
            try await server.signalBackends(SIGCONT)
            try await eventually("the store works again") {
                (try? await store.accept(StoreSamples.delivery(2))) != nil
            }
            await database.close()
        }
    }

    @Test func `a commit whose answer was lost is asked for and told as it was`() async throws {
        try await withDatabase { settings in
            let database = try await PostgresDatabase(settings)
            let session = PostgresSession(settings)
            let attempt = await session.transaction { connection throws(StoreError) in
                JobRows.enqueue([NewJob(kind: "k", payload: "a", dueAt: StoreSamples.start)], on: connection)
                _ = try connection.query("SELECT 1")
                // What is sent from here on arrives and is done; only the answers are lost.
                shutdown(connection.descriptor, Int32(SHUT_RD))
            }
            guard case .used(.success, isConnected: true) = attempt else {
                Issue.record("the commit was told as failed")
                return
            }
            #expect(try await PostgresJobQueue(database).counts().map(\.count) == [1])
            await session.close()
            await database.close()
        }
    }

    @Test func `an address that leads nowhere is unavailable soon`() async throws {
        let settings = PostgresSettings(
            url: "postgresql://u:secret@127.0.0.1:1/x", connectLimit: .seconds(2))
        await #expect { try await PostgresDatabase(settings) } throws: { error in
            guard case .unavailable(let reason) = error as? StoreError else { return false }
            return !reason.contains("secret")
        }
    }
}
