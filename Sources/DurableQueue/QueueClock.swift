// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// The time of a store that has no clock of its own.
package struct QueueClock: Sendable {
    /// What jobs are due by.
    package let now: @Sendable () -> Date
    /// What leases are measured with: it only ever goes forward, however the wall clock is set.
    package let uptime: @Sendable () -> Duration

    /// Joins two ways to tell the time.
    package init(now: @escaping @Sendable () -> Date, uptime: @escaping @Sendable () -> Duration) {
        self.now = now
        self.uptime = uptime
    }

    /// The clocks of this machine; sleep counts.
    package static func system() -> QueueClock {
        let start = ContinuousClock.now
        return QueueClock(now: { Date() }, uptime: { start.duration(to: .now) })
    }
}
