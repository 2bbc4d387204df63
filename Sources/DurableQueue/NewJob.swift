// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// A piece of work to be put into the queue.
///
/// Kind and payload together are its identity while it waits: see `JobQueueDriver.enqueue`.
package struct NewJob: Sendable, Hashable {
    /// What is to be done; names the handler, also in logs and metrics.
    package let kind: String
    /// What to do it with, as JSON; opaque to the queue.
    package let payload: String
    /// Lower goes first.
    package let priority: Int
    /// What it shares with others that must not take all workers, such as a host; empty: nothing.
    package let lane: String
    /// Not before this time.
    package let dueAt: Date

    /// Describes a job.
    package init(kind: String, payload: String, priority: Int = 1, lane: String = "", dueAt: Date) {
        self.kind = kind
        self.payload = payload
        self.priority = priority
        self.lane = lane
        self.dueAt = dueAt
    }
}
