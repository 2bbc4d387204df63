// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A bell that remembers: ringing before anybody waits is not lost, ringing twice counts once.
///
/// One task may wait at a time.
final class WakeSignal: Sendable {
    private enum State {
        case silent
        case rung
        case waiting(CheckedContinuation<Void, Never>)
    }

    private let state = Mutex(State.silent)

    /// Ends the current wait, or the next one at once.
    func ring() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard case .waiting(let waiter) = state else {
                state = .rung
                return nil
            }
            state = .silent
            return waiter
        }
        waiter?.resume()
    }

    /// Returns when it has rung since the last wait, or when the task is cancelled.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state -> Bool in
                    guard case .silent = state, !Task.isCancelled else {
                        // A cancelled wait leaves the ring for the next one.
                        if !Task.isCancelled { state = .silent }
                        return true
                    }
                    state = .waiting(continuation)
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
                guard case .waiting(let waiter) = state else { return nil }
                state = .silent
                return waiter
            }
            waiter?.resume()
        }
    }

    /// Returns when it has rung, when `limit` has passed, or when the task is cancelled.
    func wait<C: Clock>(atMost limit: Duration, clock: C) async where C.Duration == Duration {
        await withTaskGroup { group in
            group.addTask { await self.wait() }
            // Cancelled as soon as the bell rings; being late is as good as being cancelled.
            group.addTask { try? await clock.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
    }
}
