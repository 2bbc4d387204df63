// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Counts how many are inside at once.
final class PeakCounter: Sendable {
    private let counts = Mutex((now: 0, peak: 0))

    var peak: Int { counts.withLock { $0.peak } }
    var now: Int { counts.withLock { $0.now } }

    func enter() {
        counts.withLock {
            $0.now += 1
            $0.peak = max($0.peak, $0.now)
        }
    }

    func leave() { counts.withLock { $0.now -= 1 } }
}
