// SPDX-License-Identifier: Apache-2.0

/// How often and after which pauses a failing job is tried again.
package struct RetryStrategy: Sendable, Hashable {
    /// Tries altogether, the first one included; at least 1.
    package let maximumAttempts: Int
    /// The pause after the first failure; it doubles with each further one.
    package let base: Duration
    /// No pause is longer.
    package let cap: Duration
    /// The part of each pause that is left to chance, 0…1, so that jobs that failed together do not return together.
    package let jitter: Double

    /// Describes a strategy; values out of range are brought into it.
    package init(
        maximumAttempts: Int = 8, base: Duration = .seconds(1), cap: Duration = .seconds(300), jitter: Double = 0.5
    ) {
        self.maximumAttempts = max(1, maximumAttempts)
        self.base = max(.zero, base)
        self.cap = max(.zero, cap)
        self.jitter = min(max(0, jitter), 1)
    }

    /// The pause after `attempt` failed; nil when it was the last one.
    ///
    /// - Parameters:
    ///   - attempt: from 1.
    ///   - random: from 0 up to 1; 0 gives the longest pause.
    package func pause(afterAttempt attempt: Int, random: Double) -> Duration? {
        guard attempt < maximumAttempts else { return nil }
        var longest = base
        // Doubling stops at the cap, so that no count of attempts can overflow; zero would never get there.
        for _ in 1..<max(1, attempt) where longest < cap {
            guard longest > .zero else { break }
            longest += longest
        }
        return min(longest, cap) * (1 - jitter * min(max(0, random), 1))
    }
}
