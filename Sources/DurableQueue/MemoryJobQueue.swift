// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
import Synchronization

/// A queue that lives as long as the process: for tests and for trying things out.
package final class MemoryJobQueue: JobQueueDriver {
    private let table = Mutex(JobTable())

    /// An empty queue.
    package init() {}

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

    package func claim(limit: Int, now: Date, lease: Duration, kinds: Set<String>?) async -> [ClaimedJob] {
        transact { $0.claim(limit: limit, now: now, lease: lease, kinds: kinds) }
    }

    package func extend(_ claim: ClaimedJob, lease: Duration, now: Date) async -> Bool {
        transact { $0.extend(claim.id, token: claim.token, until: now.addingTimeInterval(lease / .seconds(1))) }
    }

    package func complete(_ claim: ClaimedJob) async -> Bool {
        transact { $0.complete(claim.id, token: claim.token) }
    }

    package func retry(_ claim: ClaimedJob, at time: Date, reason: String) async -> Bool {
        transact { $0.retry(claim.id, token: claim.token, at: time, reason: reason) }
    }

    package func release(_ claim: ClaimedJob) async -> Bool {
        transact { $0.release(claim.id, token: claim.token) }
    }

    package func deadLetter(_ claim: ClaimedJob, reason: String) async -> Bool {
        transact { $0.deadLetter(claim.id, token: claim.token, reason: reason) }
    }

    package func revive(_ id: Int64, at time: Date) async -> Bool { transact { $0.revive(id, at: time) } }

    package func deadJobs(limit: Int) async -> [DeadJob] { transact { $0.deadJobs(limit: limit) } }

    package func nextDue(kinds: Set<String>?) async -> Date? { transact { $0.nextDue(kinds: kinds) } }

    package func counts() async -> [JobCount] { transact { $0.counts() } }
}
