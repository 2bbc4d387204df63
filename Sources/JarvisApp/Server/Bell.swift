// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Lets the store wake the queue's workers, which are made after it.
final class Bell: Sendable {
    /// A closure in a generic `Mutex` itself is wrapped once more by every access, without end; in a struct it is not.
    private struct Listener: Sendable {
        let ring: @Sendable () -> Void
    }

    private let listener = Mutex<Listener?>(nil)

    func connect(_ listener: @escaping @Sendable () -> Void) {
        self.listener.withLock { $0 = Listener(ring: listener) }
    }

    func ring() { listener.withLock { $0 }?.ring() }
}
