// SPDX-License-Identifier: Apache-2.0

import Cryptography
package import JarvisCore
import JarvisStore

/// Looks into a database file for everything that should not be there; changes nothing.
///
/// Neither takes nor needs the lock of the instance, so it also looks beside a running server.
package struct SQLiteInspection {
    /// How thoroughly it looks.
    package enum Depth: Sendable {
        /// Pages, schema and the audit log; in time that grows with the file.
        case quick
        /// Also every index against its table, and every stored incident.
        case full
    }

    private static let listed = 20

    private let connection: SQLiteConnection
    private var report = SQLiteReport()

    /// Looks into the file at `path`.
    ///
    /// Throws `unavailable` where it can't be opened at all; damage is in the report.
    package static func report(on path: String, depth: Depth) throws(StoreError) -> SQLiteReport {
        let connection: SQLiteConnection
        do {
            connection = try SQLiteConnection(path: path, access: .readOnly)
        } catch {
            guard case .corrupt(let what) = error else { throw error }
            var report = SQLiteReport()
            report.faults = [.init(.pages, what)]
            return report
        }
        var inspection = SQLiteInspection(connection: connection)
        try inspection.look(depth)
        return inspection.report
    }

    private init(connection: SQLiteConnection) { self.connection = connection }

    private mutating func look(_ depth: Depth) throws(StoreError) {
        try recording(.pages) { connection throws(StoreError) in
            try connection.execute("PRAGMA trusted_schema = OFF; PRAGMA cache_size = -2048; BEGIN")
        }
        guard report.faults.isEmpty else { return }
        // A read transaction holds nothing that ending it could lose.
        defer { try? connection.execute("ROLLBACK") }
        guard try readSchema() else { return }
        try readSizes()
        try lookAtPages(depth)
        // What follows reads values, which damaged pages may not hold any more.
        guard report.faults.isEmpty else { return }
        try lookAtReferences()
        try lookAtAudit()
        if depth == .full { try lookAtIncidents() }
    }

    /// Runs a look; a file that can't be read there is a fault and not an error.
    private mutating func recording(
        _ kind: SQLiteReport.Fault.Kind, _ body: (SQLiteConnection) throws(StoreError) -> Void
    ) throws(StoreError) {
        do {
            try body(connection)
        } catch {
            switch error {
            case .corrupt(let what): report.faults.append(.init(kind, what))
            case .newerSchema: report.faults.append(.init(.schema, error.description))
            default: throw error
            }
        }
    }

    private mutating func readSchema() throws(StoreError) -> Bool {
        let migrator = Migrator(migrations: Migration.all)
        var schema = 0
        try recording(.schema) { connection throws(StoreError) in schema = try migrator.check(connection) }
        guard report.faults.isEmpty else { return false }
        report.schema = schema
        guard schema > 0 else {
            report.faults.append(.init(.schema, "there is nothing in it: no server has ever used it"))
            return false
        }
        return true
    }

    private mutating func readSizes() throws(StoreError) {
        var found = report
        try recording(.pages) { connection throws(StoreError) in
            found.pageBytes = try connection.integer("PRAGMA page_size") ?? 0
            found.pages = try connection.integer("PRAGMA page_count") ?? 0
            found.freePages = try connection.integer("PRAGMA freelist_count") ?? 0
            let tables = try connection.rows(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
            ) { row throws(StoreError) in try row.required(0) }
            for table in tables {
                let name = table.replacing("\"", with: "\"\"")
                found.rows.append((table, try connection.integer("SELECT count(*) FROM \"\(name)\"") ?? 0))
            }
        }
        found.faults = report.faults
        report = found
    }

    private mutating func lookAtPages(_ depth: Depth) throws(StoreError) {
        let check = depth == .full ? "integrity_check" : "quick_check"
        var found: [String] = []
        try recording(.pages) { connection throws(StoreError) in
            found = try connection.rows("PRAGMA \(check)(\(Self.listed))") { row throws(StoreError) in row.text(0) ?? ""
            }
        }
        report.faults += found.filter { $0 != "ok" }.map { .init(.pages, $0) }
    }

    private mutating func lookAtReferences() throws(StoreError) {
        try list(.references, "PRAGMA foreign_key_check") { row throws(StoreError) in
            "a row of \(row.text(0) ?? "?") belongs to a row of \(row.text(2) ?? "?") that is not there"
        }
        try list(
            .references,
            """
            SELECT id FROM jobs WHERE kind = 'intake'
                AND NOT EXISTS (SELECT 1 FROM deliveries WHERE id = json_extract(payload, '$.intake._0'))
            """
        ) { row throws(StoreError) in "job \(row.integer(0)) is to take in a delivery that is not there" }
        try list(
            .references,
            """
            SELECT id, kind FROM jobs WHERE kind <> 'intake'
                AND NOT EXISTS (SELECT 1 FROM incidents WHERE id = json_extract(payload, '$.' || kind || '._0'))
            """
        ) { row throws(StoreError) in
            "job \(row.integer(0)) (\(row.text(1) ?? "?")) is about an incident that is not there"
        }
        try list(.references, "SELECT count(*) FROM job_fence HAVING count(*) <> 1") { _ in
            "the fence of jobs is missing"
        }
    }

    /// One fault for each row of a query, up to a number.
    private mutating func list(
        _ kind: SQLiteReport.Fault.Kind, _ sql: String, _ sentence: (SQLiteRow) throws(StoreError) -> String
    ) throws(StoreError) {
        var found: [String] = []
        try recording(kind) { connection throws(StoreError) in found = try connection.rows(sql, [], sentence) }
        report.add(found, kind, listing: Self.listed)
    }

    private mutating func lookAtAudit() throws(StoreError) {
        guard report.schema >= Migration.m003.version else { return }
        var check = AuditCheck(digest: SHA256.hexDigest)
        try recording(.audit) { connection throws(StoreError) in
            try connection.each("SELECT sequence, hash, record FROM audit ORDER BY sequence") {
                row throws(StoreError) in
                check.add(AuditRows.entry(row))
            }
        }
        report.audit = check.position
        if let fault = check.fault { report.faults.append(.init(.audit, fault.description)) }
    }

    private mutating func lookAtIncidents() throws(StoreError) {
        var found: [String] = []
        try recording(.values) { connection throws(StoreError) in
            try connection.each("SELECT id, json, phase, closed_at FROM incidents") { row throws(StoreError) in
                let id = row.text(0) ?? "?"
                do throws(StoreError) {
                    let incident = try StoredJSON.value(Incident.self, row.text(1) ?? "", of: "incident \(id)")
                    guard
                        incident.id.description != id || incident.phase.name != row.text(2)
                            || incident.phase.isClosed == row.isNull(3)
                    else { return }
                    found.append("incident \(id): its columns say something else than it does")
                } catch {
                    found.append("incident \(id) can't be read")
                }
            }
        }
        report.add(found, .values, listing: Self.listed)
    }
}
