// SPDX-License-Identifier: Apache-2.0

import Cryptography
import JarvisCore

/// The hash-chained audit log.
enum AuditRows {
    /// Records encoded before the writer's turn, with what they are about.
    struct Encoded: Sendable {
        let events: [AuditRecord.Event]
        fileprivate let texts: [String]

        init(_ records: [AuditRecord]) throws(StoreError) {
            events = records.map(\.event)
            texts = try records.map { record throws(StoreError) in
                do { return try record.text() } catch {
                    throw .corrupt(what: "an audit record can't be written as JSON: \(error)")
                }
            }
        }
    }

    /// Appends records; part of the transaction of what they are about.
    ///
    /// The end of the chain is read there and not remembered: a transaction that fails takes its records with it.
    static func append(_ records: Encoded, on connection: SQLiteConnection) throws(StoreError) {
        guard !records.texts.isEmpty else { return }
        var position = try end(on: connection)
        for text in records.texts {
            position = position.following(Array(text.utf8), SHA256.hexDigest)
            try connection.run(
                "INSERT INTO audit (sequence, hash, record) VALUES (?1, ?2, ?3)",
                [.integer(position.sequence), .text(position.hash), .text(text)])
        }
    }

    /// Encodes one record and appends it.
    static func append(_ record: AuditRecord, on connection: SQLiteConnection) throws(StoreError) {
        try append(try Encoded([record]), on: connection)
    }

    /// See `AuditLog.auditEntries`.
    static func load(after sequence: Int64, limit: Int, on connection: SQLiteConnection) throws(StoreError)
        -> [AuditEntry]
    {
        try connection.rows(
            "SELECT sequence, hash, record FROM audit WHERE sequence > ?1 ORDER BY sequence LIMIT ?2",
            [.integer(sequence), .integer(Int64(max(0, limit)))]
        ) { row throws(StoreError) in
            AuditEntry(sequence: row.integer(0), hash: row.text(1) ?? "", text: row.bytes(2))
        }
    }

    private static func end(on connection: SQLiteConnection) throws(StoreError) -> AuditPosition {
        try connection.first("SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1") {
            row throws(StoreError) in AuditPosition(sequence: row.integer(0), hash: try row.required(1))
        } ?? .beginning
    }
}
