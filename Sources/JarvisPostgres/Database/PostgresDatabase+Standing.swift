// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import JarvisCore
import JarvisStore

/// How a database stands to what was done with it before.
package struct DatabaseStanding: Sendable, Equatable {
    /// The epoch that all instances share.
    package let epoch: UInt64
    /// The highest fencing token that was given out.
    package let token: UInt64
    /// Whether it is on another server than when its epoch began: it was copied, or put back from a dump.
    package let isElsewhere: Bool
    /// Whether its server keeps over a power cut what it said was written.
    package let isDurable: Bool
}

extension PostgresDatabase {
    /// More claims than there can have been since any backup.
    private static let lostClaims: Int64 = 1 << 40

    /// How it stands now; at the first call ever its epoch begins, after `epoch`.
    package func standing(after epoch: UInt64) async throws(StoreError) -> DatabaseStanding {
        try await pool.transaction { connection throws(StoreError) in
            connection.run(
                """
                INSERT INTO fence_epoch (epoch, system_identifier) VALUES ($1, \(Self.server))
                ON CONFLICT DO NOTHING
                """, [.integer(Int64(clamping: epoch) + 1)])
            let found = try connection.first(
                """
                SELECT epoch, (SELECT last_value FROM job_fence), system_identifier <> \(Self.server),
                    current_setting('fsync')::boolean AND current_setting('full_page_writes')::boolean
                FROM fence_epoch
                """
            ) { row throws(StoreError) in
                DatabaseStanding(
                    epoch: UInt64(clamping: try row.integer(0)), token: UInt64(clamping: try row.integer(1)),
                    isElsewhere: row.text(2) == "t", isDurable: row.text(3) == "t")
            }
            guard let found else { throw .corrupt(what: "the epoch is missing") }
            return found
        }
    }

    /// Makes this server's copy the one that counts: a new epoch after `epoch`, and fences beyond what was given out.
    ///
    /// Only while no other instance runs. Durable when it returns, with its record in the audit log.
    package func adopt(after epoch: UInt64, by person: String, at now: Date) async throws(StoreError) -> UInt64 {
        try await pool.transaction { connection throws(StoreError) in
            let found = try connection.first(
                """
                INSERT INTO fence_epoch AS known (epoch, system_identifier) VALUES ($1::bigint + 1, \(Self.server))
                ON CONFLICT (one) DO UPDATE SET epoch = greatest(known.epoch, $1::bigint) + 1,
                    system_identifier = excluded.system_identifier
                RETURNING epoch
                """, [.integer(Int64(clamping: epoch))]
            ) { row throws(StoreError) in UInt64(clamping: try row.integer(0)) }
            connection.run("SELECT setval('job_fence', (SELECT last_value FROM job_fence) + \(Self.lostClaims))")
            // A copy by logical replication has no sequences: reports must not begin below those that are known.
            connection.run(
                """
                SELECT setval(pg_get_serial_sequence('jobs', 'id'), greatest(
                    nextval(pg_get_serial_sequence('jobs', 'id')), (SELECT coalesce(max(id), 1) FROM jobs),
                    (SELECT coalesce(max(report), 1) FROM alerts)))
                """)
            let end = try connection.first("SELECT sequence, at FROM audit ORDER BY sequence DESC LIMIT 1") {
                row throws(StoreError) in (records: try row.integer(0), at: StoredTime.date(try row.integer(1)))
            }
            try AuditRows.append(
                .restoring(end?.at ?? now, records: end?.records ?? 0, by: person, at: now), on: connection)
            guard let found else { throw .corrupt(what: "the epoch is missing") }
            return found
        }
    }

    private static let server = "(SELECT system_identifier::text FROM pg_control_system())"
}
