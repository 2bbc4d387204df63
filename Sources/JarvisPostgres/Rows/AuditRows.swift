// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import JarvisStore

/// The hash-chained audit log.
enum AuditRows {
    /// Appends records; part of the transaction of what they are about.
    ///
    /// From here to the end of the transaction nobody else appends one, on any replica. The end of the chain is read
    /// there and not remembered: a transaction that fails takes its records with it.
    static func append(_ records: StoredAudit, on connection: PostgresConnection) throws(StoreError) {
        guard !records.isEmpty else { return }
        connection.run(DatabaseLock.audit.take)
        let end = try connection.first("SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1") {
            row throws(StoreError) in AuditPosition(sequence: try row.integer(0), hash: try row.required(1))
        }
        for (position, text) in records.following(end ?? .beginning) {
            connection.run(
                "INSERT INTO audit (sequence, at, hash, record) VALUES ($1, \(ServerTime.sql(4)), $2, $3)",
                [.integer(position.sequence), .text(position.hash), .text(text), .null])
        }
    }

    /// Encodes one record and appends it.
    static func append(_ record: AuditRecord, on connection: PostgresConnection) throws(StoreError) {
        try append(try StoredAudit([record]), on: connection)
    }

    /// See `AuditLog.auditEntries`.
    static func load(after sequence: Int64, limit: Int, on connection: PostgresConnection) throws(StoreError)
        -> [AuditEntry]
    {
        try connection.rows(
            "SELECT sequence, hash, record FROM audit WHERE sequence > $1 ORDER BY sequence LIMIT $2",
            [.integer(sequence), .integer(Int64(max(0, limit)))]
        ) { row throws(StoreError) in
            AuditEntry(sequence: try row.integer(0), hash: try row.required(1), text: Array(try row.required(2).utf8))
        }
    }
}
