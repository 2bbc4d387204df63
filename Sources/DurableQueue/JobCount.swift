// SPDX-License-Identifier: Apache-2.0

/// Where a job is in its life.
package enum JobState: String, Sendable, CaseIterable {
    /// Waiting for its time or for a free worker.
    case ready
    /// Held under a lease, which may have run out.
    case claimed
    /// Given up; kept for a person.
    case dead
}

/// How many jobs of one kind are in one state.
package struct JobCount: Sendable, Hashable {
    /// The kind.
    package let kind: String
    /// The state.
    package let state: JobState
    /// How many; never 0.
    package let count: Int

    /// Records a count.
    package init(kind: String, state: JobState, count: Int) {
        self.kind = kind
        self.state = state
        self.count = count
    }
}

/// A job that was given up.
package struct DeadJob: Sendable, Hashable {
    /// Its number in the queue.
    package let id: Int64
    /// What was to be done.
    package let kind: String
    /// What with, as JSON.
    package let payload: String
    /// How often it was tried.
    package let attempts: Int
    /// Why it was given up.
    package let reason: String

    /// Records a job that was given up.
    package init(id: Int64, kind: String, payload: String, attempts: Int, reason: String) {
        self.id = id
        self.kind = kind
        self.payload = payload
        self.attempts = attempts
        self.reason = reason
    }
}
