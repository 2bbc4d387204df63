// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import JarvisStore

/// The hash-chained audit log.
enum AuditRows {
    /// Appends records; part of the transaction of what they are about.
    ///
    /// The end of the chain is read there and not remembered: a transaction that fails takes its records with it.
    static func append(_ records: StoredAudit, on connection: SQLiteConnection) throws(StoreError) {
        guard !records.isEmpty else { return }
        for (position, text) in records.following(try end(on: connection)) {
            try connection.run(
                "INSERT INTO audit (sequence, hash, record) VALUES (?1, ?2, ?3)",
                [.integer(position.sequence), .text(position.hash), .text(text)])
        }
    }

    /// Encodes one record and appends it.
    static func append(_ record: AuditRecord, on connection: SQLiteConnection) throws(StoreError) {
        try append(try StoredAudit([record]), on: connection)
    }

    /// See `AuditLog.auditEntries`.
    static func load(after sequence: Int64, limit: Int, on connection: SQLiteConnection) throws(StoreError)
        -> [AuditEntry]
    {
        try connection.rows(
            "SELECT sequence, hash, record FROM audit WHERE sequence > ?1 ORDER BY sequence LIMIT ?2",
            [.integer(sequence), .integer(Int64(max(0, limit)))]
        ) { row throws(StoreError) in entry(row) }
    }

    /// Reads the columns `sequence`, `hash` and `record`.
    static func entry(_ row: SQLiteRow) -> AuditEntry {
        AuditEntry(sequence: row.integer(0), hash: row.text(1) ?? "", text: row.bytes(2))
    }

    private static func end(on connection: SQLiteConnection) throws(StoreError) -> AuditPosition {
        try connection.first("SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1") {
            row throws(StoreError) in AuditPosition(sequence: row.integer(0), hash: try row.required(1))
        } ?? .beginning
    }
}
