// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Limits how many runs use a host at a time, first come first served.
final class SessionSlots: Sendable {
    private struct State {
        var free: Int
        var nextWaiter = 0
        var waiters: [(id: Int, continuation: CheckedContinuation<Bool, Never>)] = []
    }

    private let state: Mutex<State>

    /// At least one slot.
    init(count: Int) { state = Mutex(State(free: max(1, count))) }

    /// How many wait for a slot.
    var waiting: Int { state.withLock { $0.waiters.count } }

    /// Takes a slot when one is free now and nobody waits.
    func takeIfFree() -> Bool {
        state.withLock { state in
            guard state.free > 0, state.waiters.isEmpty else { return false }
            state.free -= 1
            return true
        }
    }

    /// Waits for a slot; false when the task was cancelled first, and then no slot is held.
    func take() async -> Bool {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    // Under the lock: a cancellation from now on finds the waiter in the list.
                    if Task.isCancelled { return false }
                    if state.free > 0, state.waiters.isEmpty {
                        state.free -= 1
                        return true
                    }
                    state.waiters.append((id, continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0).continuation }
            }
            waiter?.resume(returning: false)
        }
    }

    /// Gives a slot back, to the one that waits longest.
    func release() {
        let next = state.withLock { state in
            if state.waiters.isEmpty {
                state.free += 1
                return CheckedContinuation<Bool, Never>?.none
            }
            return state.waiters.removeFirst().continuation
        }
        next?.resume(returning: true)
    }
}
