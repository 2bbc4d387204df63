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
    /// The same where its host starts again by itself what ends: shorter would be one run of a loop.
    package static let windowOfRestarts = 60.0
    /// What recurs more seldom than this many seconds is for the relapse watch.
    package static let longestPeriod = 300.0
    /// Seconds that a verification may take at most.
    package static let longestDeadline = 900.0
    private static let shortestDeadline = 120.0

    /// Seconds over which signals must stay good: three scrapes, and 10 s when a probe of the target's own looks at it
    /// several times, else 30 s; longer than the period at which the fault is known to recur.
    ///
    /// - Parameters:
    ///   - restartsByItself: the target's host has started it again by itself.
    ///   - respite: seconds from the last verdict that was withdrawn to its withdrawal; nil: none was.
    package static func stabilityWindow(
        _ timing: ObservationTiming, hasTargetProbe: Bool, restartsByItself: Bool = false, respite: Double? = nil
    ) -> Double {
        var window = hasTargetProbe ? shortWindow : windowWithoutTarget
        if threeScrapesFit(timing) { window = max(window, 3 * (timing.scrapeInterval ?? 0)) }
        if restartsByItself { window = max(window, windowOfRestarts) }
        // It had been good for the window of then, too.
        if let respite, respite <= longestPeriod { window = max(window, covering(max(0, respite) + window)) }
        return timing.recurrence.map { max(window, covering($0)) } ?? window
    }

    /// Seconds of watching in which what recurs about this often is seen again; 0 where that would take too long.
    package static func covering(_ period: Double) -> Double {
        period >= 0 && period <= 2 * longestPeriod ? min(1.5 * period, longestDeadline / 2) : 0
    }

    /// Seconds until a verdict must be given: `keep_firing_for` + longest range + twice the intervals + a margin,
    /// not less than twice the window, within 2…15 minutes.
    package static func deadline(_ timing: ObservationTiming, window: Double) -> Double {
        let intervals = (timing.scrapeInterval ?? 15) + (timing.evaluationInterval ?? 15)
        let wanted = (timing.keepFiringFor ?? 0) + (timing.longestRange ?? 0) + 2 * intervals + 15
        guard wanted <= longestDeadline, window <= longestDeadline / 2 else { return longestDeadline }
        // What is watched for longer than usual may take as long as usual to become good.
        let usual = max(wanted, shortestDeadline, 2 * window)
        let isLonger = window > max(windowWithoutTarget, 3 * (timing.scrapeInterval ?? 0))
        return isLonger ? min(longestDeadline, max(usual, max(wanted, shortestDeadline) + window)) : usual
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
