// SPDX-License-Identifier: Apache-2.0

/// How a processor works through its queue.
package struct JobQueueConfiguration: Sendable {
    /// Jobs that run at the same time; at least 1.
    package var workers: Int
    /// Jobs of one lane that run at the same time; at least 1.
    package var lanePlaces: Int
    /// Every so many claims what waits longest goes first, however urgent the rest is; at least 2.
    package var claimsPerTurnOfAge: Int
    /// How long a claim holds without being extended; it is extended at a third of it and given up at two thirds.
    ///
    /// After a crash a job waits this long before somebody else takes it.
    package var lease: Duration
    /// The longest time without looking into the queue.
    package var pollInterval: Duration
    /// The pause after the queue itself failed.
    package var pauseAfterFailure: Duration
    /// How long running jobs may go on after the shutdown began, before they are cancelled.
    package var shutdownGrace: Duration
    /// Only these kinds; nil for all.
    package var kinds: Set<String>?
    /// What happens to failing jobs.
    package var retry: RetryStrategy
    /// Other strategies for single kinds.
    package var retryByKind: [String: RetryStrategy]

    /// Everything as it is in production.
    package init(
        workers: Int = 8, lanePlaces: Int = 4, claimsPerTurnOfAge: Int = 8, lease: Duration = .seconds(60),
        pollInterval: Duration = .seconds(30),
        pauseAfterFailure: Duration = .seconds(1), shutdownGrace: Duration = .seconds(10), kinds: Set<String>? = nil,
        retry: RetryStrategy = RetryStrategy(), retryByKind: [String: RetryStrategy] = [:]
    ) {
        self.workers = max(1, workers)
        self.lanePlaces = max(1, lanePlaces)
        self.claimsPerTurnOfAge = max(2, claimsPerTurnOfAge)
        self.lease = lease
        self.pollInterval = pollInterval
        self.pauseAfterFailure = pauseAfterFailure
        self.shutdownGrace = shutdownGrace
        self.kinds = kinds
        self.retry = retry
        self.retryByKind = retryByKind
    }

    /// The strategy of a kind.
    package func strategy(for kind: String) -> RetryStrategy { retryByKind[kind] ?? retry }
}
