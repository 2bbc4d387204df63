// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import JarvisCore

/// How long to watch: the stability window and the deadline (SPEC section 9).
package enum VerificationTiming {
    /// Seconds over which signals must stay good: three scrapes, and 10 s when a probe of the target's own looks at it
    /// several times, else 30 s.
    package static func stabilityWindow(_ timing: ObservationTiming, hasTargetProbe: Bool) -> Double {
        max(hasTargetProbe ? 10 : 30, 3 * (timing.scrapeInterval ?? 0))
    }

    /// Seconds until a verdict must be given: `keep_firing_for` + longest range + twice the intervals + a margin,
    /// within 2…15 minutes, and never less than twice the window.
    package static func deadline(_ timing: ObservationTiming, window: Double) -> Double {
        let intervals = (timing.scrapeInterval ?? 15) + (timing.evaluationInterval ?? 15)
        let wanted = (timing.keepFiringFor ?? 0) + (timing.longestRange ?? 0) + 2 * intervals + 15
        return max(min(max(wanted, 120), 900), 2 * window)
    }

    /// Whether the metrics can recover within the longest deadline there is.
    package static func metricsCanContribute(_ timing: ObservationTiming) -> Bool {
        (timing.longestRange ?? 0) + (timing.keepFiringFor ?? 0) <= 900
    }

    /// Seconds until the next look: often at first, backing off to 15 s.
    package static func pause(afterRound round: Int) -> Double {
        round < 15 ? 1 : min(15, 1.5 * Double(round - 13))
    }
}
