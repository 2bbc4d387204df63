// SPDX-License-Identifier: Apache-2.0

import Foundation
import JarvisCore
import JarvisTestSupport
import Testing

@testable import JarvisSQLite

@Suite struct `A database file` {
    @Test func `is readable and writable by its owner only, with all its companions`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await SQLiteDatabase(path: directory + "/jarvis.sqlite")
            try await SQLiteStore(database).accept(StoreSamples.delivery(1))
            let files = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
            #expect(files == ["", "-shm", "-wal", ".lock"].map { "jarvis.sqlite" + $0 }.sorted())
            for file in files {
                let attributes = try FileManager.default.attributesOfItem(atPath: directory + "/" + file)
                #expect(attributes[.posixPermissions] as? Int == 0o600, "\(file)")
            }
        }
    }

    @Test func `is set up to survive a power cut and to stay small`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await SQLiteDatabase(path: directory + "/jarvis.sqlite")
            let settings = try await database.writer.write { connection throws(StoreError) in
                var settings: [String: Int64] = [:]
                for name in ["synchronous", "foreign_keys", "auto_vacuum", "application_id", "user_version"] {
                    settings[name] = try connection.integer("PRAGMA \(name)")
                }
                return settings
            }
            #expect(
                settings == [
                    "synchronous": 2, "foreign_keys": 1, "auto_vacuum": 2, "application_id": 0x4A41_5256,
                    "user_version": Int64(Migration.all.count),
                ])
        }
    }

    @Test func `is used by one instance at a time`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/jarvis.sqlite"
            let first = try await SQLiteDatabase(path: path)
            do {
                _ = try await SQLiteDatabase(path: path)
                Issue.record("a second instance was let in")
            } catch StoreError.unavailable(let reason) {
                #expect(reason.contains("another Jarvis"))
            }
            await first.close()
            await #expect(throws: StoreError.unavailable(reason: "the database is closed")) {
                try await SQLiteStore(first).accept(StoreSamples.delivery(1))
            }
            await #expect(throws: StoreError.unavailable(reason: "the database is closed")) {
                try await SQLiteStore(first).incidents(openOnly: true, limit: 1)
            }
            _ = try await SQLiteDatabase(path: path)
        }
    }

    @Test func `is free again when whoever opened it forgot to close it`() async throws {
        try await withTemporaryDirectory { directory in
            for number in 0..<3 {
                let database = try await SQLiteDatabase(path: directory + "/jarvis.sqlite")
                try await SQLiteStore(database).accept(StoreSamples.delivery(number))
            }
            let database = try await SQLiteDatabase(path: directory + "/jarvis.sqlite")
            #expect(try await SQLiteStore(database).statistics().deliveries == 3)
        }
    }

    @Test func `of a newer version is refused and left as it was`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/jarvis.sqlite"
            let known = Migration.all.count
            let next = Migration(
                version: known + 1, name: "from the future", script: "CREATE TABLE wonders (id INTEGER)")
            let newer = try await SQLiteDatabase(path: path, now: Date(), migrations: Migration.all + [next])
            await newer.close()
            let before = try Data(contentsOf: URL(fileURLWithPath: path))
            await #expect(throws: StoreError.newerSchema(found: known + 1, known: known)) {
                try await SQLiteDatabase(path: path)
            }
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        }
    }

    @Test func `of an older version is brought up to date once and keeps its contents`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/jarvis.sqlite"
            let next = Migration(
                version: Migration.all.count + 1, name: "more", script: "CREATE TABLE more (id INTEGER)")
            for migrations in [Migration.all, Migration.all + [next], Migration.all + [next]] {
                let database = try await SQLiteDatabase(path: path, now: StoreSamples.start, migrations: migrations)
                let store = SQLiteStore(database)
                if migrations.count == Migration.all.count { try await store.accept(StoreSamples.delivery(1)) }
                #expect(try await store.delivery(StoreSamples.delivery(1).id) == StoreSamples.delivery(1))
                let applied = try await database.reader.read { connection throws(StoreError) in
                    try connection.rows("SELECT version FROM schema_migrations ORDER BY version") {
                        row throws(StoreError) in row.integer(0)
                    }
                }
                #expect(applied == migrations.map { Int64($0.version) })
                await database.close()
            }
        }
    }

    @Test func `whose migration fails stays at the version before it`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/jarvis.sqlite"
            let broken = Migration(
                version: Migration.all.count + 1, name: "broken", script: "CREATE TABLE more (id INTEGER); NONSENSE")
            await #expect(throws: StoreError.self) {
                try await SQLiteDatabase(path: path, now: Date(), migrations: Migration.all + [broken])
            }
            let database = try await SQLiteDatabase(path: path)
            let left = try await database.reader.read { connection throws(StoreError) in
                try connection.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'more'")
            }
            #expect(left == 0)
        }
    }

    @Test func `that is none is refused as corrupt`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/jarvis.sqlite"
            try Data(repeating: 0x5A, count: 8192).write(to: URL(fileURLWithPath: path))
            await #expect { try await SQLiteDatabase(path: path) } throws: { error in
                if case .corrupt = error as? StoreError { true } else { false }
            }
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(repeating: 0x5A, count: 8192))
        }
    }

    @Test func `of another program is refused and left as it was`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/jarvis.sqlite"
            try Data().write(to: URL(fileURLWithPath: path))
            try SQLiteConnection(path: path, access: .readWrite).execute("CREATE TABLE deliveries (mine TEXT)")
            let before = try Data(contentsOf: URL(fileURLWithPath: path))
            await #expect(throws: StoreError.corrupt(what: "the database file belongs to another program")) {
                try await SQLiteDatabase(path: path)
            }
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        }
    }

    @Test func `that can't be reached is unavailable`() async throws {
        try await withTemporaryDirectory { directory in
            try FileManager.default.createDirectory(atPath: directory + "/a", withIntermediateDirectories: false)
            try FileManager.default.createSymbolicLink(
                atPath: directory + "/link", withDestinationPath: directory + "/elsewhere")
            for path in ["/a", "/missing/jarvis.sqlite", "/link"] {
                await #expect("\(path)") { try await SQLiteDatabase(path: directory + path) } throws: { error in
                    if case .unavailable = error as? StoreError { true } else { false }
                }
            }
            #expect(!FileManager.default.fileExists(atPath: directory + "/elsewhere"))
        }
    }

    @Test func `with a record that can't be read says which`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await SQLiteDatabase(path: directory + "/jarvis.sqlite")
            let store = SQLiteStore(database)
            try await store.commit(StoreChange(incident: StoreSamples.incident(1)))
            try await database.writer.write { connection throws(StoreError) in
                try connection.run("UPDATE incidents SET json = '{\"id\":'")
            }
            await #expect { try await store.incident(StoreSamples.incidentID(1)) } throws: { error in
                guard case .corrupt(let what) = error as? StoreError else { return false }
                return what.contains(StoreSamples.incidentID(1).description)
            }
        }
    }
}
