// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import JarvisCore
import JarvisStore

/// A selection as the statements take it.
struct StoredSelection: Sendable {
    /// What is wanted.
    let jobs: JobSelection
    /// The kinds as a list in JSON; nil for all.
    let kinds: String?

    /// Encodes the kinds.
    init(_ jobs: JobSelection) throws(StoreError) {
        self.jobs = jobs
        guard let wanted = jobs.kinds else {
            kinds = nil
            return
        }
        kinds = try StoredJSON.text(wanted.sorted(), of: "kinds of jobs")
    }
}

/// The queue's time as the tables hold it.
struct StoredQueueTime: Sendable {
    /// Microseconds since 1970: what jobs are due by.
    let now: Int64
    /// Microseconds of uptime: what leases are measured with.
    let uptime: Int64

    /// Reads both clocks.
    init(_ clock: QueueClock) {
        now = StoredTime.microseconds(clock.now())
        uptime = Self.microseconds(clock.uptime())
    }

    /// When a lease ends that begins now.
    func leaseEnd(_ lease: Duration) -> Int64 { uptime + Self.microseconds(lease) }

    private static func microseconds(_ duration: Duration) -> Int64 { Int64(duration / .microseconds(1)) }
}

extension JobSelection.Order {
    /// Whether one claim goes before another.
    func precedes(_ left: ClaimedJob, _ right: ClaimedJob) -> Bool {
        switch self {
        case .urgency: (left.priority, left.dueAt, left.id) < (right.priority, right.dueAt, right.id)
        case .age: (left.dueAt, left.id) < (right.dueAt, right.id)
        }
    }
}
