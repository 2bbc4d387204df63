// SPDX-License-Identifier: Apache-2.0

package import JarvisCore
import Synchronization

/// Knows whether the last write that had to reach the disk did, and tells one listener of every transaction.
package final class CommitMonitor: Sendable {
    /// A transaction that had something to write.
    package struct Transaction: Sendable {
        /// Writes that shared it.
        package let writes: Int
        /// From its begin to the disk's answer.
        package let duration: Duration
        /// Why it did not become durable; nil: it did.
        package let failure: StoreError?

        /// Describes one.
        package init(writes: Int, duration: Duration, failure: StoreError?) {
            self.writes = writes
            self.duration = duration
            self.failure = failure
        }
    }

    /// What a listener is told.
    package enum Event: Sendable {
        /// A transaction ended.
        case transaction(Transaction)
        /// What is durable in the write-ahead log could not be written back into the file.
        case checkpointFailed(StoreError, isFirst: Bool)
        /// Pages were found that hold what can't be: nothing is written until a check finds them whole.
        case damaged(StoreError)
    }

    private struct State {
        var failure: StoreError?
        var damage: StoreError?
        var checkpointFails = false
        var listener: (@Sendable (Event) -> Void)?
    }

    private let state = Mutex(State())

    /// Knows of nothing yet.
    package init() {}

    /// Why the last write that had to reach the disk did not, or why none may; nil: it did, or there was none.
    package var failure: StoreError? { state.withLock { $0.damage ?? $0.failure } }

    /// The damage that was found and is not known to be gone.
    package var damage: StoreError? { state.withLock { $0.damage } }

    /// Calls `listener` at each event from now on; it must return at once.
    package func connect(_ listener: @escaping @Sendable (Event) -> Void) {
        state.withLock { $0.listener = listener }
    }

    /// Tells of a transaction that has ended.
    package func report(_ transaction: Transaction) {
        let listener = state.withLock { state in
            state.failure = transaction.failure
            return state.listener
        }
        listener?(.transaction(transaction))
    }

    /// Tells how a checkpoint ended; nil: it was written back.
    package func reportCheckpoint(_ failure: StoreError?) {
        let (listener, isFirst) = state.withLock { state in
            defer { state.checkpointFails = failure != nil }
            return (state.listener, !state.checkpointFails)
        }
        if let failure { listener?(.checkpointFailed(failure, isFirst: isFirst)) }
    }

    /// Remembers damage until `isWhole`; the writer and the reader both may find it.
    package func reportDamage(_ damage: StoreError) {
        let listener = state.withLock { state in
            defer { state.damage = state.damage ?? damage }
            return state.damage == nil ? state.listener : nil
        }
        listener?(.damaged(damage))
    }

    /// Forgets the damage, because a check found everything whole.
    package func isWhole() { state.withLock { $0.damage = nil } }
}
