// SPDX-License-Identifier: Apache-2.0

package import DurableQueue
package import FoundationEssentials
import Synchronization

/// A store's time that stands still until it is moved.
package final class ManualQueueClock: Sendable {
    private let state: Mutex<(now: Date, uptime: Duration)>

    /// Stands at this moment.
    package init(_ now: Date) { state = Mutex((now, .seconds(1000))) }

    /// What a queue is given.
    package var clock: QueueClock {
        QueueClock(now: { self.state.withLock(\.now) }, uptime: { self.state.withLock(\.uptime) })
    }

    /// The wall clock.
    package var now: Date { state.withLock(\.now) }

    /// Lets time pass up to this moment of the wall clock.
    package func move(to now: Date) {
        state.withLock { state in
            state.uptime += .microseconds(Int64((now.timeIntervalSince(state.now) * 1e6).rounded()))
            state.now = now
        }
    }

    /// Sets the wall clock, as NTP or a person does, while no time passes.
    package func setWallClock(to now: Date) { state.withLock { $0.now = now } }
}
