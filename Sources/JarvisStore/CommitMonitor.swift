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

    private struct State {
        var failure: StoreError?
        var listener: (@Sendable (Transaction) -> Void)?
    }

    private let state = Mutex(State())

    /// Knows of nothing yet.
    package init() {}

    /// Why the last write that had to reach the disk did not; nil: it did, or there was none.
    package var failure: StoreError? { state.withLock { $0.failure } }

    /// Calls `listener` after each transaction from now on; it must return at once.
    package func connect(_ listener: @escaping @Sendable (Transaction) -> Void) {
        state.withLock { $0.listener = listener }
    }

    /// Tells of a transaction that has ended.
    package func report(_ transaction: Transaction) {
        let listener = state.withLock { state in
            state.failure = transaction.failure
            return state.listener
        }
        listener?(transaction)
    }
}
