// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// A job that somebody holds under a lease, and the proof of it.
package struct ClaimedJob: Sendable, Hashable, Identifiable {
    /// Its number in the queue.
    package let id: Int64
    /// What is to be done.
    package let kind: String
    /// What to do it with, as JSON.
    package let payload: String
    /// Lower goes first.
    package let priority: Int
    /// What it shares with others that must not take all workers; empty: nothing.
    package let lane: String
    /// How often it has been claimed, this claim included: 1 the first time.
    package let attempts: Int
    /// When it was due.
    package let dueAt: Date
    /// The fence: grows with every claim of any job, so whoever holds an older one has lost the job.
    package let token: UInt64

    /// Describes a claim; only drivers and tests make one.
    package init(
        id: Int64, kind: String, payload: String, priority: Int, lane: String = "", attempts: Int, dueAt: Date,
        token: UInt64
    ) {
        self.id = id
        self.kind = kind
        self.payload = payload
        self.priority = priority
        self.lane = lane
        self.attempts = attempts
        self.dueAt = dueAt
        self.token = token
    }
}
