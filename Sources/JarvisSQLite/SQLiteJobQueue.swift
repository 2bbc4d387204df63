// SPDX-License-Identifier: Apache-2.0

package import DurableQueue
import FoundationEssentials
import JarvisCore
import JarvisStore

/// The queue in the same database as everything else, so that a job ends in the transaction of its result.
package struct SQLiteJobQueue: JobQueueDriver {
    private let database: SQLiteDatabase

    /// The queue of a database.
    package init(_ database: SQLiteDatabase) { self.database = database }

    /// Makes what waits for a time due earlier by `step`, because the wall clock was set back by that.
    ///
    /// What is due already stays as it is. A job that came after the clock was set comes too early then, so it must be
    /// of a kind that may.
    package func bringForward(_ kinds: Set<String>, by step: Duration) async throws {
        let kinds = try StoredJSON.text(kinds.sorted(), of: "kinds of jobs")
        try await database.writer.write { [clock = database.queueClock] connection throws(StoreError) in
            try JobRows.bringForward(kinds, by: step, at: StoredQueueTime(clock), on: connection)
        }
    }

    /// Makes what waits of these kinds due now.
    package func makeDue(_ kinds: Set<String>) async throws {
        let kinds = try StoredJSON.text(kinds.sorted(), of: "kinds of jobs")
        try await database.writer.write { [clock = database.queueClock] connection throws(StoreError) in
            try JobRows.makeDue(kinds, at: StoredQueueTime(clock), on: connection)
        }
    }

    package func enqueue(_ jobs: [NewJob]) async throws {
        try await database.writer.write { connection throws(StoreError) in
            for job in jobs { try JobRows.enqueue(job, on: connection) }
        }
    }

    package func claim(limit: Int, lease: Duration, _ selection: JobSelection) async throws -> [ClaimedJob] {
        let selection = try StoredSelection(selection)
        return try await database.writer.write { [clock = database.queueClock] connection throws(StoreError) in
            try JobRows.claim(
                limit: limit, lease: lease, selection, at: StoredQueueTime(clock), on: connection)
        }
    }

    package func extend(_ claim: ClaimedJob, lease: Duration) async throws -> Bool {
        try await database.writer.write { [clock = database.queueClock] connection throws(StoreError) in
            let end = StoredQueueTime(clock).leaseEnd(lease)
            return try JobRows.extend(claim.id, token: claim.token, until: end, on: connection)
        }
    }

    package func complete(_ claim: ClaimedJob) async throws -> Bool {
        try await database.writer.write { connection throws(StoreError) in
            try JobRows.complete(claim.id, token: claim.token, on: connection)
        }
    }

    package func retry(_ claim: ClaimedJob, after pause: Duration, reason: String) async throws -> Bool {
        let time = database.queueClock.now().addingTimeInterval(pause / .seconds(1))
        return try await database.writer.write { connection throws(StoreError) in
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

    package func revive(_ id: Int64) async throws -> Bool {
        try await database.writer.write { [clock = database.queueClock] connection throws(StoreError) in
            try JobRows.revive(id, at: clock.now(), on: connection)
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

    package func untilNextDue(_ selection: JobSelection) async throws -> Duration? {
        let selection = try StoredSelection(selection)
        return try await database.reader.read { [clock = database.queueClock] connection throws(StoreError) in
            try JobRows.untilNextDue(selection, at: StoredQueueTime(clock), on: connection)
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
