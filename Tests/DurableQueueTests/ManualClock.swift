// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Synchronization

/// A clock that stands still until it is told to advance.
final class ManualClock: Clock {
    struct Instant: InstantProtocol {
        let offset: Duration
        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private struct State {
        var now = Instant(offset: .zero)
        var nextSleeper = 0
        var sleepers: [Int: (deadline: Instant, continuation: CheckedContinuation<Void, any Error>)] = [:]
    }

    private let state = Mutex(State())

    var now: Instant { state.withLock { $0.now } }
    var minimumResolution: Duration { .nanoseconds(1) }
    var sleepers: Int { state.withLock { $0.sleepers.count } }
    /// Sleeps that began so far.
    var sleepsBegun: Int { state.withLock { $0.nextSleeper } }
    /// The wall clock that belongs to it.
    var date: Date { Date(timeIntervalSince1970: 1_700_000_000) + (now.offset / .seconds(1)) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let sleeper = state.withLock { state in
            state.nextSleeper += 1
            return state.nextSleeper
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let isOver = state.withLock { state in
                    if Task.isCancelled || state.now >= deadline { return true }
                    state.sleepers[sleeper] = (deadline, continuation)
                    return false
                }
                guard isOver else { return }
                if Task.isCancelled {
                    continuation.resume(throwing: CancellationError())
                } else {
                    continuation.resume()
                }
            }
        } onCancel: {
            let waiter = state.withLock { $0.sleepers.removeValue(forKey: sleeper) }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }

    func advance(by duration: Duration) {
        let awake = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let due = state.sleepers.filter { $0.value.deadline <= state.now }
            for sleeper in due.keys { state.sleepers[sleeper] = nil }
            return due.values.map(\.continuation)
        }
        for continuation in awake { continuation.resume() }
    }
}

/// A fact did not come about.
struct NeverHappened: Error { let what: String }

/// Waits for a fact; throws when it has not come about after ten seconds of real time.
func eventually(_ what: String, _ isTrue: () async throws -> Bool) async throws {
    let limit = ContinuousClock.now + .seconds(10)
    while try await !isTrue() {
        guard ContinuousClock.now < limit else { throw NeverHappened(what: what) }
        await Task.yield()
    }
}
