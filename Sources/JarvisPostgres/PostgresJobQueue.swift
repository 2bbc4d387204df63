// SPDX-License-Identifier: Apache-2.0

package import DurableQueue
import JarvisCore

/// The queue in the same database as everything else, shared by all replicas.
package struct PostgresJobQueue: JobQueueDriver {
    private let database: PostgresDatabase

    /// The queue of a database.
    package init(_ database: PostgresDatabase) { self.database = database }

    private var time: QueueTime { QueueTime(database.queueClock) }

    package func enqueue(_ jobs: [NewJob]) async throws {
        try await database.pool.transaction { connection throws(StoreError) in
            JobRows.enqueue(jobs, on: connection)
        }
    }

    package func claim(limit: Int, lease: Duration, _ selection: JobSelection) async throws -> [ClaimedJob] {
        try await database.pool.statements { [time] connection throws(StoreError) in
            try JobSelectionRows.claim(limit: limit, lease: lease, selection, at: time, on: connection)
        }
    }

    package func extend(_ claim: ClaimedJob, lease: Duration) async throws -> Bool {
        try await database.pool.statements { [time] connection throws(StoreError) in
            try JobRows.extend(claim, lease: lease, at: time, on: connection)
        }
    }

    package func complete(_ claim: ClaimedJob) async throws -> Bool {
        do {
            try await database.pool.statements { connection throws(StoreError) in
                JobRows.complete(claim.id, token: claim.token, on: connection, orThrow: .claimLost)
            }
            return true
        } catch StoreError.claimLost {
            return false
        }
    }

    package func retry(_ claim: ClaimedJob, after pause: Duration, reason: String) async throws -> Bool {
        try await database.pool.transaction { [time] connection throws(StoreError) in
            try JobRows.retry(claim, after: pause, reason: reason, at: time, on: connection)
        }
    }

    package func release(_ claim: ClaimedJob) async throws -> Bool {
        try await database.pool.transaction { connection throws(StoreError) in
            try JobRows.release(claim, on: connection)
        }
    }

    package func deadLetter(_ claim: ClaimedJob, reason: String) async throws -> Bool {
        try await database.pool.statements { connection throws(StoreError) in
            try JobRows.deadLetter(claim, reason: reason, on: connection)
        }
    }

    package func revive(_ id: Int64) async throws -> Bool {
        try await database.pool.transaction { [time] connection throws(StoreError) in
            try JobRows.revive(id, at: time, on: connection)
        }
    }

    package func deadJobs(limit: Int) async throws -> [DeadJob] {
        try await database.pool.statements { connection throws(StoreError) in
            try connection.rows(
                """
                SELECT id, kind, payload, attempts, reason FROM jobs WHERE available_at IS NULL
                ORDER BY id DESC LIMIT $1
                """,
                [.integer(Int64(max(0, limit)))]
            ) { row throws(StoreError) in
                DeadJob(
                    id: try row.integer(0), kind: try row.required(1), payload: try row.required(2),
                    attempts: Int(try row.integer(3)), reason: row.text(4) ?? "")
            }
        }
    }

    package func untilNextDue(_ selection: JobSelection) async throws -> Duration? {
        try await database.pool.statements { [time] connection throws(StoreError) in
            try JobSelectionRows.untilNextDue(selection, at: time, on: connection)
        }
    }

    package func counts() async throws -> [JobCount] {
        try await database.pool.statements { connection throws(StoreError) in
            try connection.rows("SELECT kind, state, count(*) FROM jobs GROUP BY kind, state ORDER BY kind, state") {
                row throws(StoreError) in
                guard let state = JobState(rawValue: try row.required(1)) else {
                    throw .corrupt(what: "the state of a job")
                }
                return JobCount(kind: try row.required(0), state: state, count: Int(try row.integer(2)))
            }
        }
    }
}
