// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// How long the holder of a claim may count on it.
///
/// The holder counts from before it asked for the claim and stops at two thirds of the lease, by a clock of its own.
/// So it has stopped before the store gives the job to anybody else, as long as the store's clock for leases does not
/// jump and the two run equally fast within a third. Where it does jump the fencing token keeps the result out.
package struct JobLease: Sendable {
    private let check: @Sendable () -> Bool

    /// Whether the claim may still be acted on; to be asked right before anything that can't be taken back.
    package var isHeld: Bool { check() }

    /// A lease that is held as long as `check` says so.
    package init(_ check: @escaping @Sendable () -> Bool) { self.check = check }
}

/// The end of a lease, as its holder counts.
final class LeaseEnd<C: Clock>: Sendable where C.Duration == Duration {
    private let clock: C
    private let usable: Duration
    private let end: Mutex<C.Instant>

    /// Counts from `asked`, the moment before the claim was asked for.
    init(asked: C.Instant, lease: Duration, clock: C) {
        self.clock = clock
        usable = lease * 2 / 3
        end = Mutex(asked.advanced(by: usable))
    }

    /// The time that is left; zero or less when it is over.
    var remaining: Duration { clock.now.duration(to: end.withLock { $0 }) }

    /// Counts anew from the moment before an extension was asked for.
    func renew(asked: C.Instant) { end.withLock { $0 = max($0, asked.advanced(by: usable)) } }

    /// Returns once it is over, or when the task is cancelled.
    func wait() async {
        while remaining > .zero {
            do { try await clock.sleep(for: remaining) } catch { return }
        }
    }
}
