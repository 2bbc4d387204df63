// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Counts how many are inside at once, and how many ever were.
final class PeakCounter: Sendable {
    private let counts = Mutex((now: 0, peak: 0, total: 0))

    var peak: Int { counts.withLock { $0.peak } }
    var now: Int { counts.withLock { $0.now } }
    var total: Int { counts.withLock { $0.total } }

    func enter() {
        counts.withLock {
            $0.now += 1
            $0.total += 1
            $0.peak = max($0.peak, $0.now)
        }
    }

    func leave() { counts.withLock { $0.now -= 1 } }
}
