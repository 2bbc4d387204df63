// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import JarvisSQLite

/// Looks whether the database of a data directory is whole, beside the server or without one.
package struct DatabaseCheck: Sendable, Encodable {
    /// Something that should not be so.
    package struct Fault: Sendable, Encodable {
        /// `pages`, `schema`, `references`, `audit` or `values`.
        package let kind: String
        /// One sentence for a person.
        package let text: String
    }

    /// Where the database is.
    package let path: String
    /// The schema it is at.
    package let schema: Int
    /// The newest schema that this version knows.
    package let knownSchema: Int
    /// Length of the file.
    package let bytes: Int64
    /// Length of the write-ahead log.
    package let walBytes: Int64
    /// Bytes of the file that hold nothing and are used again.
    package let freeBytes: Int64
    /// Records of the audit log, as far as it is whole.
    package let auditRecords: Int64
    /// Rows by table.
    package let rows: [String: Int64]
    /// What should not be so; none: it is whole.
    package let faults: [Fault]

    /// Looks; throws `BackupError.unable` where there is nothing to look at.
    package static func run(in data: String, isQuick: Bool) throws(BackupError) -> DatabaseCheck {
        try PendingRestore.refuse(in: data)
        let path = "\(data)/\(DataFiles.database)"
        guard let status = FileStatus(of: path) else {
            throw .unable("there is no \(path): is 'data' of the configuration right?")
        }
        let report: SQLiteReport
        do {
            report = try SQLiteInspection.report(on: path, depth: isQuick ? .quick : .full)
        } catch {
            throw .unable(error.description)
        }
        return DatabaseCheck(
            path: path, schema: report.schema, knownSchema: SQLiteReport.knownSchema, bytes: status.bytes,
            walBytes: FileStatus(of: path + "-wal")?.bytes ?? 0, freeBytes: report.freePages * report.pageBytes,
            auditRecords: report.audit.sequence,
            rows: Dictionary(report.rows.map { ($0.table, $0.count) }) { first, _ in first },
            faults: report.faults.map { Fault(kind: $0.kind.rawValue, text: $0.text) })
    }
}
