// SPDX-License-Identifier: Apache-2.0

import Foundation
import JarvisCore
import JarvisTestSupport
import Testing

@testable import JarvisSQLite

@Suite struct `A look into a database file` {
    /// A database with something in every table.
    private func filled(_ directory: String) async throws -> String {
        let path = directory + "/jarvis.sqlite"
        let database = try await SQLiteDatabase(path: path)
        let store = SQLiteStore(database)
        for number in 0..<60 { try await store.accept(StoreSamples.delivery(number, rejected: 1)) }
        var change = StoreChange(incident: StoreSamples.incident(1))
        change.entries = [StoreSamples.entry("opened")]
        change.jobs = [JobRequest(.diagnose(StoreSamples.incidentID(1)), dueAt: StoreSamples.start)]
        change.audit = [1, 2, 3].map { StoreSamples.auditRecord($0) }
        try await store.commit(change)
        await database.close()
        return path
    }

    private func change(_ path: String, _ script: String) throws {
        let connection = try SQLiteConnection(path: path, access: .readWrite)
        try connection.execute("PRAGMA foreign_keys = OFF; " + script)
    }

    @Test func `that is whole finds nothing, and counts`() async throws {
        try await withTemporaryDirectory { directory in
            let report = try SQLiteInspection.report(on: try await filled(directory), depth: .full)
            #expect(report.faults.isEmpty)
            #expect(report.schema == SQLiteReport.knownSchema)
            #expect(report.audit.sequence == 3)
            #expect(report.rows.first { $0.table == "deliveries" }?.count == 60)
            #expect(report.pages > 10 && report.pageBytes == 4096)
        }
    }

    @Test(arguments: [
        ("DELETE FROM incidents", SQLiteReport.Fault.Kind.references, "timeline belongs to a row of incidents"),
        ("DELETE FROM incidents", .references, "(diagnose) is about an incident that is not there"),
        ("DELETE FROM deliveries", .references, "is to take in a delivery that is not there"),
        ("DELETE FROM job_fence", .references, "the fence of jobs is missing"),
        (
            "DROP TRIGGER audit_is_not_edited; UPDATE audit SET record = '{}' WHERE sequence = 2", .audit,
            "record 2 is not what was written"
        ),
        ("UPDATE incidents SET json = '{'", .values, "can't be read"),
        ("UPDATE incidents SET phase = 'acting'", .values, "say something else"),
        ("PRAGMA user_version = 9999", .schema, "schema 9999"),
        ("PRAGMA application_id = 1", .schema, "another program"),
    ])
    func `finds what should not be so`(
        _ script: String, _ kind: SQLiteReport.Fault.Kind, _ words: String
    ) async throws {
        try await withTemporaryDirectory { directory in
            let path = try await filled(directory)
            try change(path, script)
            let faults = try SQLiteInspection.report(on: path, depth: .full).faults
            #expect(faults.contains { $0.kind == kind && $0.text.contains(words) }, "\(faults)")
        }
    }

    @Test func `finds damaged pages, wherever they are`() async throws {
        try await withTemporaryDirectory { directory in
            let path = try await filled(directory)
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            for page in 0..<(whole.count / 4096) {
                var bytes = whole
                bytes.replaceSubrange(page * 4096..<(page + 1) * 4096, with: Data(repeating: 0x5A, count: 4096))
                try bytes.write(to: URL(fileURLWithPath: path))
                let kinds = try SQLiteInspection.report(on: path, depth: .quick).faults.map(\.kind)
                // The second page maps the others for vacuuming; SQLite itself finds it only in the full check.
                #expect(kinds.contains(.pages), "page \(page + 1) of \(whole.count / 4096): \(kinds)")
            }
        }
    }

    @Test func `tells a file that is no database, and one that nobody has used`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/x"
            try Data(repeating: 0x41, count: 8192).write(to: URL(fileURLWithPath: path))
            #expect(try SQLiteInspection.report(on: path, depth: .full).faults.map(\.kind) == [.pages])
            try Data().write(to: URL(fileURLWithPath: path))
            #expect(try SQLiteInspection.report(on: path, depth: .full).faults.map(\.kind) == [.schema])
            #expect(throws: StoreError.self) { try SQLiteInspection.report(on: path + "y", depth: .full) }
        }
    }
}
