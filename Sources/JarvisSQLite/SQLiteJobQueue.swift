// SPDX-License-Identifier: Apache-2.0

package import DurableQueue
package import FoundationEssentials
import JarvisCore

/// The queue in the same database as everything else, so that a job ends in the transaction of its result.
package struct SQLiteJobQueue: JobQueueDriver {
    private let database: SQLiteDatabase

    /// The queue of a database.
    package init(_ database: SQLiteDatabase) { self.database = database }

    package func enqueue(_ jobs: [NewJob]) async throws {
        try await database.writer.write { connection throws(StoreError) in
            for job in jobs { try JobRows.enqueue(job, on: connection) }
        }
    }

    package func claim(limit: Int, now: Date, lease: Duration, kinds: Set<String>?) async throws -> [ClaimedJob] {
        let kinds = try kinds.map { try StoredJSON.text($0.sorted(), of: "kinds of jobs") }
        return try await database.writer.write { connection throws(StoreError) in
            try JobRows.claim(limit: limit, now: now, lease: lease, kinds: kinds, on: connection)
        }
    }

    package func extend(_ claim: ClaimedJob, lease: Duration, now: Date) async throws -> Bool {
        let end = now.addingTimeInterval(lease / .seconds(1))
        return try await database.writer.write { connection throws(StoreError) in
            try JobRows.extend(claim.id, token: claim.token, until: end, on: connection)
        }
    }

    package func complete(_ claim: ClaimedJob) async throws -> Bool {
        try await database.writer.write { connection throws(StoreError) in
            try JobRows.complete(claim.id, token: claim.token, on: connection)
        }
    }

    package func retry(_ claim: ClaimedJob, at time: Date, reason: String) async throws -> Bool {
        try await database.writer.write { connection throws(StoreError) in
            try JobRows.retry(claim.id, token: claim.token, at: time, reason: reason, on: connection)
        }
    }

    package func release(_ claim: ClaimedJob) async throws -> Bool {
        try await database.writer.write { connection throws(StoreError) in
            try JobRows.release(claim.id, token: claim.token, on: connection)
        }
    }

    package func deadLetter(_ claim: ClaimedJob, reason: String) async throws -> Bool {
        try await database.writer.write { connection throws(StoreError) in
            try JobRows.deadLetter(claim.id, token: claim.token, reason: reason, on: connection)
        }
    }

    package func revive(_ id: Int64, at time: Date) async throws -> Bool {
        try await database.writer.write { connection throws(StoreError) in
            try JobRows.revive(id, at: time, on: connection)
        }
    }

    package func deadJobs(limit: Int) async throws -> [DeadJob] {
        try await database.reader.read { connection throws(StoreError) in
            try connection.rows(
                """
                SELECT id, kind, payload, attempts, reason FROM jobs WHERE available_at IS NULL
                ORDER BY id DESC LIMIT ?1
                """,
                [.integer(Int64(max(0, limit)))]
            ) { row throws(StoreError) in
                DeadJob(
                    id: row.integer(0), kind: try row.required(1), payload: try row.required(2),
                    attempts: Int(row.integer(3)), reason: row.text(4) ?? "")
            }
        }
    }

    package func nextDue(kinds: Set<String>?) async throws -> Date? {
        let kinds = try kinds.map { try StoredJSON.text($0.sorted(), of: "kinds of jobs") }
        return try await database.reader.read { connection throws(StoreError) in
            try connection.integer(
                """
                SELECT available_at FROM jobs
                WHERE available_at IS NOT NULL AND (?1 IS NULL OR kind IN (SELECT value FROM json_each(?1)))
                ORDER BY available_at LIMIT 1
                """,
                [.optional(kinds)]
            ).map(StoredTime.date)
        }
    }

    package func counts() async throws -> [JobCount] {
        try await database.reader.read { connection throws(StoreError) in
            try connection.rows("SELECT kind, state, count(*) FROM jobs GROUP BY kind, state ORDER BY kind, state") {
                row throws(StoreError) in
                guard let state = JobState(rawValue: try row.required(1)) else {
                    throw .corrupt(what: "the state of a job")
                }
                return JobCount(kind: try row.required(0), state: state, count: Int(row.integer(2)))
            }
        }
    }
}
