// SPDX-License-Identifier: Apache-2.0

import FaultPoints
import FoundationEssentials
import JarvisCore
import JarvisStore

/// Brings a database to the newest schema.
struct Migrator {
    /// "JARV": tells Jarvis' databases from other files of SQLite (`PRAGMA application_id`).
    static let applicationID: Int64 = 0x4A41_5256

    let migrations: [Migration]

    /// Refuses files of others and of newer versions; touches nothing.
    ///
    /// - Returns: the version the file is at; 0 for an empty one.
    func check(_ connection: SQLiteConnection) throws(StoreError) -> Int {
        let tables = try connection.integer("SELECT count(*) FROM sqlite_schema") ?? 0
        let application = try connection.integer("PRAGMA application_id") ?? 0
        guard tables == 0 || application == Self.applicationID else {
            throw .corrupt(what: "the database file belongs to another program")
        }
        let found = Int(try connection.integer("PRAGMA user_version") ?? 0)
        let known = migrations.last?.version ?? 0
        guard found <= known else { throw .newerSchema(found: found, known: known) }
        return found
    }

    /// Whether a database of this version is to be changed.
    func hasMore(than found: Int) -> Bool { migrations.contains { $0.version > found } }

    /// Runs what is missing, each migration in a transaction of its own together with its record.
    func migrate(_ connection: SQLiteConnection, from found: Int, now: Date) throws(StoreError) {
        for migration in migrations where migration.version > found {
            try connection.execute("BEGIN IMMEDIATE")
            do {
                try apply(migration, to: connection, now: now)
                FaultPoint.passes("store.migrate.before")
                try connection.execute("COMMIT")
                FaultPoint.passes("store.migrate.after")
            } catch {
                if connection.isInTransaction { try? connection.execute("ROLLBACK") }
                throw error
            }
        }
    }

    private func apply(_ migration: Migration, to connection: SQLiteConnection, now: Date) throws(StoreError) {
        if migration.version == 1 {
            try connection.execute(
                """
                PRAGMA application_id = \(Self.applicationID);
                CREATE TABLE schema_migrations (
                    version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL
                ) STRICT;
                """)
        }
        try connection.execute(migration.script)
        try connection.run(
            "INSERT INTO schema_migrations (version, name, applied_at) VALUES (?1, ?2, ?3)",
            [.integer(Int64(migration.version)), .text(migration.name), .integer(StoredTime.microseconds(now))])
        try connection.execute("PRAGMA user_version = \(migration.version)")
    }
}
