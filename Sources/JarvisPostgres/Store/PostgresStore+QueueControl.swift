// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import JarvisCore
import JarvisStore

extension PostgresStore: QueueControl {
    package func queueOverview(limit: Int) async throws(StoreError) -> QueueOverview {
        try await database.pool.statements { connection throws(StoreError) in
            QueueOverview(
                depths: try JobRows.depths(on: connection),
                oldestDue: try JobSelectionRows.oldestDue(on: connection),
                givenUp: try connection.rows(
                    """
                    SELECT id, kind, payload, attempts, reason FROM jobs WHERE available_at IS NULL
                    ORDER BY id DESC LIMIT $1
                    """,
                    [.integer(Int64(max(0, limit)))]
                ) { row throws(StoreError) in
                    .init(
                        job: try row.integer(0), kind: try row.required(1),
                        subject: (try? JobRequest.Work(payload: try row.required(2)))?.subject,
                        attempts: Int(try row.integer(3)), reason: row.text(4) ?? "")
                })
        }
    }

    package func retryGivenUp(_ job: Int64?, by person: String, at now: Date) async throws(StoreError) -> Int {
        let time = QueueTime(database.queueClock)
        let count = try await database.pool.transaction { connection throws(StoreError) in
            var count = 0
            for given in try Self.givenUp(job, on: connection) {
                guard try JobRows.revive(given.id, at: time, on: connection) else { continue }
                try AuditRows.append(
                    .retrying(given.id, kind: given.kind, reason: given.reason, by: person, at: now), on: connection)
                count += 1
            }
            return count
        }
        guard count > 0 else { return 0 }
        for _ in 0..<count { onAudited(.retry) }
        onJobsCommitted()
        return count
    }

    package func dropGivenUp(_ job: Int64, by person: String, at now: Date) async throws(StoreError) -> Bool {
        let was = try await database.pool.transaction { connection throws(StoreError) in
            guard let given = try Self.givenUp(job, on: connection).first else { return false }
            connection.run("DELETE FROM jobs WHERE id = $1 AND state = 'dead'", [.integer(job)])
            try AuditRows.append(
                .dropping(job, kind: given.kind, reason: given.reason, by: person, at: now), on: connection)
            return true
        }
        if was { onAudited(.drop) }
        return was
    }

    /// Held to the end of the transaction, so that of two people who decide about one job one is told that it is gone.
    private static func givenUp(
        _ job: Int64?, on connection: PostgresConnection
    ) throws(StoreError) -> [(id: Int64, kind: String, reason: String)] {
        try connection.rows(
            """
            SELECT id, kind, reason FROM jobs
            WHERE available_at IS NULL AND ($1::bigint IS NULL OR id = $1::bigint) ORDER BY id FOR UPDATE
            """,
            [.optional(job)]
        ) { row throws(StoreError) in (try row.integer(0), try row.required(1), row.text(2) ?? "") }
    }
}
