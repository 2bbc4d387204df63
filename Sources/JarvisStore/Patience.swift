// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Waits only so long for work that nothing can stop.
///
/// The work goes on to its end; whoever asked hears no more of it.
package final class Patience: Sendable {
    /// How long it is waited for.
    package let limit: Duration

    private let sleep: @Sendable (Duration) async throws -> Void
    private let late = Mutex(0)

    /// - Parameter sleep: passes the time; for tests.
    package init(
        _ limit: Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.limit = limit
        self.sleep = sleep
    }

    /// Whether work goes on for which nobody waits any more: what is asked for now would wait behind it.
    package var isExhausted: Bool { late.withLock { $0 > 0 } }

    /// What the work comes to; nil when it takes longer than the limit.
    ///
    /// The calling task's cancellation is ignored.
    package func wait<Success: Sendable>(for work: @escaping @Sendable () async -> Success) async -> Success? {
        await withCheckedContinuation { continuation in
            let answer = Answer(continuation)
            // Not children: whoever asks would have to wait for their end.
            let limit = Task {
                guard (try? await sleep(self.limit)) != nil else { return }
                // Before whoever asked hears of it, and asks for more.
                late.withLock { $0 += 1 }
                if !answer.give(nil) { late.withLock { $0 -= 1 } }
            }
            Task {
                let success = await work()
                limit.cancel()
                if !answer.give(success) { late.withLock { $0 -= 1 } }
            }
        }
    }
}

/// A place for one answer, of which the first counts.
private final class Answer<Success: Sendable>: Sendable {
    private let waiter: Mutex<CheckedContinuation<Success?, Never>?>

    init(_ waiter: CheckedContinuation<Success?, Never>) { self.waiter = Mutex(waiter) }

    /// Whether it was the first.
    func give(_ success: Success?) -> Bool {
        let waiter = waiter.withLock { waiter in
            defer { waiter = nil }
            return waiter
        }
        waiter?.resume(returning: success)
        return waiter != nil
    }
}
