// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import JarvisCore

/// How long to watch: the stability window and the deadline (SPEC section 9).
///
/// Intervals come from the monitoring system. One that is not finite, or too long for any deadline, never stretches a
/// window: it only means that the metrics can't contribute.
package enum VerificationTiming {
    /// Seconds over which signals must stay good while the target's own probe looks at it several times.
    package static let shortWindow = 10.0
    /// The same where no probe of the target sees it.
    package static let windowWithoutTarget = 30.0
    /// Seconds that a verification may take at most.
    package static let longestDeadline = 900.0
    private static let shortestDeadline = 120.0

    /// Seconds over which signals must stay good: three scrapes, and 10 s when a probe of the target's own looks at it
    /// several times, else 30 s.
    package static func stabilityWindow(_ timing: ObservationTiming, hasTargetProbe: Bool) -> Double {
        let shortest = hasTargetProbe ? shortWindow : windowWithoutTarget
        return threeScrapesFit(timing) ? max(shortest, 3 * (timing.scrapeInterval ?? 0)) : shortest
    }

    /// Seconds until a verdict must be given: `keep_firing_for` + longest range + twice the intervals + a margin,
    /// not less than twice the window, within 2…15 minutes.
    package static func deadline(_ timing: ObservationTiming, window: Double) -> Double {
        let intervals = (timing.scrapeInterval ?? 15) + (timing.evaluationInterval ?? 15)
        let wanted = (timing.keepFiringFor ?? 0) + (timing.longestRange ?? 0) + 2 * intervals + 15
        guard wanted <= longestDeadline, window <= longestDeadline / 2 else { return longestDeadline }
        return max(wanted, shortestDeadline, 2 * window)
    }

    /// Whether the metrics can recover, and stay so for three scrapes, within the longest deadline there is.
    package static func metricsCanContribute(_ timing: ObservationTiming) -> Bool {
        (timing.longestRange ?? 0) + (timing.keepFiringFor ?? 0) <= longestDeadline && threeScrapesFit(timing)
    }

    /// Seconds until the next look: often at first, backing off to 15 s.
    package static func pause(afterRound round: Int) -> Double {
        round < 15 ? 1 : min(15, 1.5 * Double(round - 13))
    }

    /// Seconds without a look after which what was good before no longer counts, such as after a crash of Jarvis.
    package static func longestHole(window: Double) -> Double { max(window, windowWithoutTarget) }

    private static func threeScrapesFit(_ timing: ObservationTiming) -> Bool {
        6 * (timing.scrapeInterval ?? 0) <= longestDeadline
    }
}
