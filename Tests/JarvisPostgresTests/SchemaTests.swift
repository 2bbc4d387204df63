// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import Foundation
import JarvisCore
import JarvisTestSupport
import Testing

@testable import JarvisPostgres

@Suite struct `A PostgreSQL schema` {
    private func open(_ settings: PostgresSettings, _ migrations: [Migration]) async throws -> PostgresDatabase {
        try await PostgresDatabase(settings, queueClock: nil, random: { 0 }, migrations: migrations)
    }

    private static let known = Migration.all.count
    private static let next = Migration(
        version: known + 1, name: "from the future", statements: ["CREATE TABLE wonders (id integer)"])

    @Test func `of a newer version is refused and left as it was`() async throws {
        try await withDatabase { settings in
            await (try open(settings, Migration.all + [Self.next])).close()
            await #expect(throws: StoreError.newerSchema(found: Self.known + 1, known: Self.known)) {
                try await PostgresDatabase(settings)
            }
        }
    }

    @Test(arguments: 0...Migration.all.count)
    func `of an older version is brought up to date once and keeps its contents`(_ version: Int) async throws {
        try await withDatabase { settings in
            let older = version == 0 ? [] : Array(Migration.all.prefix(version))
            if version > 0 {
                let old = try await open(settings, older)
                try await PostgresStore(old).accept(StoreSamples.delivery(1))
                await old.close()
            }
            for _ in 0..<2 {
                let database = try await open(settings, Migration.all + [Self.next])
                let versions = try await database.pool.statements { connection throws(StoreError) in
                    try connection.rows("SELECT version FROM schema_migrations ORDER BY version") {
                        row throws(StoreError) in Int(try row.integer(0))
                    }
                }
                #expect(versions == Array(1...Self.known + 1))
                let kept = try await PostgresStore(database).delivery(StoreSamples.delivery(1).id)
                #expect((kept != nil) == (version > 0))
                await database.close()
            }
        }
    }

    @Test func `whose migration fails stays at the version before it`() async throws {
        try await withDatabase { settings in
            let broken = Migration(
                version: Self.known + 1, name: "broken", statements: ["CREATE TABLE more (id integer)", "NONSENSE"])
            await #expect(throws: StoreError.self) { try await open(settings, Migration.all + [broken]) }
            let database = try await PostgresDatabase(settings)
            let left = try await database.pool.statements { connection throws(StoreError) in
                try connection.first("SELECT to_regclass('jarvis.more') IS NULL") { row in row.text(0) == "t" }
            }
            #expect(left == true)
            await database.close()
        }
    }

    @Test func `of another program is refused and left as it was`() async throws {
        try await withDatabase { settings in
            let other = try PostgresConnection.open(settings)
            _ = try other.query("CREATE SCHEMA jarvis")
            await #expect(
                throws: StoreError.corrupt(what: "the schema jarvis of the database belongs to another program")
            ) { try await PostgresDatabase(settings) }
            let tables = try other.first("SELECT count(*) FROM pg_tables WHERE schemaname = 'jarvis'") {
                row throws(StoreError) in try row.integer(0)
            }
            #expect(tables == 0)
        }
    }

    @Test func `takes no database that can't hold every character`() async throws {
        let server = try await PostgresServer.shared.value
        let name = "t" + UUID().uuidString.lowercased().replacing("-", with: "")
        try await server.psql("CREATE DATABASE \(name) TEMPLATE template0 ENCODING 'LATIN1'")
        await #expect { try await PostgresDatabase(PostgresSettings(url: server.url(name))) } throws: { error in
            guard case .corrupt(let what) = error as? StoreError else { return false }
            return what.contains("UTF8")
        }
        try await server.psql("DROP DATABASE \(name)")
    }

    @Test func `finds by index what is asked for all the time`() async throws {
        try await withDatabase { settings in
            let database = try await PostgresDatabase(settings)
            try await Self.fill(database)
            let jobs = JobSelection(placesLeft: ["host 3": 0], lanePlaces: 4)
            let plans: [(sql: String, values: [PostgresValue])] = [
                JobSelectionRows.claimStatement(limit: 8, lease: .seconds(60), jobs, at: QueueTime(nil)),
                JobSelectionRows.nextDueStatement(jobs, at: QueueTime(nil)),
                ("SELECT json FROM incidents WHERE id = $1", [.text(StoreSamples.incidentID(1).description)]),
                ("SELECT id FROM incidents WHERE target = $1 AND closed_at IS NULL", [.text("t")]),
                ("SELECT id, json FROM incidents WHERE silence_work", []),
                ("SELECT json FROM deliveries WHERE id = $1", [.text(StoreSamples.delivery(1).id.description)]),
                (
                    "SELECT sequence FROM timeline WHERE sequence > $1 ORDER BY sequence LIMIT $2",
                    [.integer(5), .integer(5)]
                ),
                ("SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1", []),
                ("SELECT json FROM intents WHERE receipt IS NULL AND host <> '' ORDER BY recorded_at, id", []),
            ]
            for plan in plans {
                let text = try await database.pool.statements { connection throws(StoreError) in
                    // As after many runs: no value is known when the plan is made.
                    connection.run("SET plan_cache_mode = force_generic_plan")
                    return try connection.rows("EXPLAIN \(plan.sql)", plan.values) { row throws(StoreError) in
                        try row.required(0)
                    }.joined(separator: "\n")
                }
                let scans = text.split(separator: "\n").filter { line in
                    line.contains("Seq Scan") && !line.contains("_other") && !line.contains("_20")
                }
                #expect(scans.isEmpty, "\(text)")
            }
            await database.close()
        }
    }

    private static func fill(_ database: PostgresDatabase) async throws {
        try await database.pool.transaction { connection throws(StoreError) in
            connection.run(
                """
                INSERT INTO jobs (kind, payload, identity, priority, lane, due_at, available_at, state)
                SELECT 'k', n::text, n::text, n % 3, 'host ' || n % 9, n, n, 'ready' FROM generate_series(1, 20000) AS n
                """)
            connection.run(
                """
                INSERT INTO incidents (id, version, opened_at, phase, title, target, json, failed)
                SELECT gen_random_uuid(), 1, n, 'p', 't', n::text, '{}', false FROM generate_series(1, 5000) AS n
                """)
            connection.run(
                """
                INSERT INTO intents (id, incident, step, recorded_at, ends_at, host, target, json, receipt)
                SELECT gen_random_uuid(), id, 0, opened_at, opened_at, 'h', 't', '{}', '{}' FROM incidents
                """)
            connection.run(
                "INSERT INTO timeline (incident, at, json) SELECT id, opened_at, '{}' FROM incidents")
            connection.run(
                """
                INSERT INTO deliveries (id, received_at, json)
                SELECT gen_random_uuid(), n, '{}' FROM generate_series(1, 5000) AS n
                """)
        }
        try await database.pool.statements { connection throws(StoreError) in _ = try connection.query("ANALYZE") }
    }
}
