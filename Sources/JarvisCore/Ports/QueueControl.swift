// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// What a person sees of the queue, and decides about jobs that were given up.
package protocol QueueControl: Sendable {
    /// How much waits and runs, and at most `limit` jobs that were given up, newest first.
    func queueOverview(limit: Int) async throws(StoreError) -> QueueOverview

    /// Has given-up jobs tried again with all their attempts: one, or every one (nil); how many there were.
    ///
    /// Durable when it returns, with a record in the audit log for each. A job that waits already in the same words
    /// takes the place of the given-up one.
    func retryGivenUp(_ job: Int64?, by person: String, at now: Date) async throws(StoreError) -> Int

    /// Forgets one given-up job; false when there is none of that number.
    ///
    /// Durable when it returns, with its record in the audit log if there was one.
    func dropGivenUp(_ job: Int64, by person: String, at now: Date) async throws(StoreError) -> Bool
}

/// The queue at one moment.
package struct QueueOverview: Codable, Sendable, Equatable {
    /// How many jobs of one kind are in one state.
    package struct Depth: Codable, Sendable, Equatable {
        /// What is to be done.
        package let kind: String
        /// `ready`, `claimed` or `dead`.
        package let state: String
        /// How many; never 0.
        package let count: Int

        /// Counts.
        package init(kind: String, state: String, count: Int) {
            self.kind = kind
            self.state = state
            self.count = count
        }
    }

    /// A job that was given up.
    package struct GivenUp: Codable, Sendable, Equatable {
        /// Its number.
        package let job: Int64
        /// What was to be done.
        package let kind: String
        /// The incident or delivery that it is about; nil where that can't be read.
        package let subject: String?
        /// How often it was tried.
        package let attempts: Int
        /// Why it was given up.
        package let reason: String

        /// Describes one.
        package init(job: Int64, kind: String, subject: String?, attempts: Int, reason: String) {
            self.job = job
            self.kind = kind
            self.subject = subject
            self.attempts = attempts
            self.reason = reason
        }
    }

    /// By kind and state, sorted by both.
    package let depths: [Depth]
    /// When the job that waits longest became due; nil: none waits, or none is due before this.
    package let oldestDue: Date?
    /// Jobs that were given up, newest first, at most as many as asked for.
    package let givenUp: [GivenUp]

    /// Describes a queue.
    package init(depths: [Depth], oldestDue: Date?, givenUp: [GivenUp]) {
        self.depths = depths
        self.oldestDue = oldestDue
        self.givenUp = givenUp
    }
}
