// SPDX-License-Identifier: Apache-2.0

import JarvisCore

/// Brings a database to the newest schema.
///
/// Several replicas may start together: each migration is made under a lock, in a transaction of its own together
/// with its record.
struct Migrator: Sendable {
    let migrations: [Migration]

    private enum Step {
        case done
        case migrated
        case busy
    }

    private static let pause = Duration.milliseconds(200)
    /// How long others may take; five minutes.
    private static let pauses = 1500

    /// Refuses a schema of others and of newer versions, untouched, and runs what is missing.
    ///
    /// Where another replica is at it, its end is waited for, longer than any other lock.
    func migrate(_ pool: PostgresPool) async throws(StoreError) {
        for _ in 0..<Self.pauses {
            switch try await pool.transaction({ connection throws(StoreError) in try step(connection) }) {
            case .done: return
            case .migrated: break
            case .busy:
                do { try await Task.sleep(for: Self.pause) } catch {
                    throw .unavailable(reason: "the start was ended while another instance changed the schema")
                }
            }
        }
        throw .unavailable(reason: "another instance has been changing the schema for minutes")
    }

    private func step(_ connection: PostgresConnection) throws(StoreError) -> Step {
        let isMine = try connection.first(DatabaseLock.migrations.tryToTake) { row in row.text(0) == "t" }
        guard isMine == true else { return .busy }
        let found = try version(connection)
        let known = migrations.last?.version ?? 0
        guard found <= known else { throw .newerSchema(found: found, known: known) }
        guard let migration = migrations.first(where: { $0.version > found }) else { return .done }
        if found == 0 {
            connection.run("CREATE SCHEMA \(PostgresSettings.schema)")
            connection.run(
                """
                CREATE TABLE schema_migrations (
                    version integer PRIMARY KEY, name text NOT NULL, applied_at bigint NOT NULL
                )
                """)
        }
        for statement in migration.statements { connection.run(statement) }
        connection.run(
            "INSERT INTO schema_migrations (version, name, applied_at) VALUES ($1, $2, \(ServerTime.sql(3)))",
            [.integer(Int64(migration.version)), .text(migration.name), .null])
        return .migrated
    }

    /// The version the schema is at; 0 where there is none.
    private func version(_ connection: PostgresConnection) throws(StoreError) -> Int {
        let exists = try connection.first(
            "SELECT to_regnamespace($1) IS NOT NULL, to_regclass($1 || '.schema_migrations') IS NOT NULL",
            [.text(PostgresSettings.schema)]
        ) { row in (schema: row.text(0) == "t", table: row.text(1) == "t") }
        guard exists?.schema == true else { return 0 }
        guard exists?.table == true else {
            throw .corrupt(what: "the schema \(PostgresSettings.schema) of the database belongs to another program")
        }
        return Int(
            try connection.first("SELECT coalesce(max(version), 0) FROM schema_migrations") {
                row throws(StoreError) in try row.integer(0)
            } ?? 0)
    }
}
