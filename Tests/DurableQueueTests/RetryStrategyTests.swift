// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import Testing

@Suite struct `A retry strategy` {
    let strategy = RetryStrategy(maximumAttempts: 6, base: .seconds(2), cap: .seconds(10), jitter: 0.5)

    @Test(arguments: [(1, 2), (2, 4), (3, 8), (4, 10), (5, 10)])
    func `doubles the pause up to the cap`(attempt: Int, seconds: Int) {
        #expect(strategy.pause(afterAttempt: attempt, random: 0) == .seconds(seconds))
    }

    @Test func `ends after the last attempt`() {
        #expect(strategy.pause(afterAttempt: 6, random: 0) == nil)
        #expect(strategy.pause(afterAttempt: .max, random: 0) == nil)
        #expect(RetryStrategy(maximumAttempts: -3).maximumAttempts == 1)
    }

    @Test func `takes at most its jitter off the pause`() {
        #expect(strategy.pause(afterAttempt: 1, random: 0.5) == .seconds(1.5))
        #expect(strategy.pause(afterAttempt: 1, random: 1) == .seconds(1))
        #expect(strategy.pause(afterAttempt: 1, random: 99) == .seconds(1))
        let steady = RetryStrategy(base: .seconds(2), jitter: -1)
        #expect(steady.pause(afterAttempt: 1, random: 0.9) == .seconds(2))
    }

    @Test func `bears any number of attempts and no pause at all`() {
        let endless = RetryStrategy(maximumAttempts: .max, base: .nanoseconds(1), cap: .seconds(300), jitter: 0)
        #expect(endless.pause(afterAttempt: 1_000_000, random: 0) == .seconds(300))
        let eager = RetryStrategy(maximumAttempts: .max, base: .zero, jitter: 0)
        #expect(eager.pause(afterAttempt: 1_000_000, random: 0) == .zero)
    }
}
