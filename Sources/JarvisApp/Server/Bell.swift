// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Lets the store wake the queue's workers, which are made after it.
final class Bell: Sendable {
    private let listener = Mutex<(@Sendable () -> Void)?>(nil)

    func connect(_ listener: @escaping @Sendable () -> Void) { self.listener.withLock { $0 = listener } }

    func ring() { listener.withLock { $0 }?() }
}
