// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Synchronization

/// A queue that lives as long as the process: for tests and for trying things out.
package final class MemoryJobQueue: JobQueueDriver {
    private let table = Mutex(JobTable())
    private let clock: QueueClock

    /// An empty queue.
    package init(clock: QueueClock = .system()) { self.clock = clock }

    /// Lends the table for one transaction together with something else; when `body` throws, the table is as before.
    package func transact<Result: Sendable, Failure: Error>(
        _ body: (inout JobTable) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try table.withLock { table throws(Failure) in
            var changed = table
            let result = try body(&changed)
            table = changed
            return result
        }
    }

    package func enqueue(_ jobs: [NewJob]) async {
        transact { table in for job in jobs { table.enqueue(job) } }
    }

    package func claim(limit: Int, lease: Duration, _ selection: JobSelection) async -> [ClaimedJob] {
        transact { $0.claim(limit: limit, lease: lease, selection, at: JobTable.Time(clock)) }
    }

    package func extend(_ claim: ClaimedJob, lease: Duration) async -> Bool {
        transact { $0.extend(claim.id, token: claim.token, lease: lease, at: JobTable.Time(clock)) }
    }

    package func complete(_ claim: ClaimedJob) async -> Bool {
        transact { $0.complete(claim.id, token: claim.token) }
    }

    package func retry(_ claim: ClaimedJob, after pause: Duration, reason: String) async -> Bool {
        transact {
            $0.retry(claim.id, token: claim.token, after: pause, reason: reason, at: JobTable.Time(clock))
        }
    }

    package func release(_ claim: ClaimedJob) async -> Bool {
        transact { $0.release(claim.id, token: claim.token) }
    }

    package func deadLetter(_ claim: ClaimedJob, reason: String) async -> Bool {
        transact { $0.deadLetter(claim.id, token: claim.token, reason: reason) }
    }

    package func revive(_ id: Int64) async -> Bool { transact { $0.revive(id, at: JobTable.Time(clock)) } }

    package func deadJobs(limit: Int) async -> [DeadJob] { transact { $0.deadJobs(limit: limit) } }

    package func untilNextDue(_ selection: JobSelection) async -> Duration? {
        transact { $0.untilNextDue(selection, at: JobTable.Time(clock)) }
    }

    package func counts() async -> [JobCount] { transact { $0.counts() } }
}
