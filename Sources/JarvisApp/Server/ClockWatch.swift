// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import FoundationEssentials
import JarvisCore
import Logging

/// Notices when the wall clock is set, says so, and brings forward what waits for a time where it was set back.
struct ClockWatch: Sendable {
    private static let pause = Duration.seconds(5)
    /// More than a clock that is merely corrected (slewed) drifts between two looks.
    private static let tolerance = Duration.seconds(2)

    private let clock: QueueClock
    private let metrics: MetricsRegistry
    private let logger: Logger
    private let bringForward: @Sendable (Duration) async throws -> Void

    /// Declares the counter.
    ///
    /// - Parameter bringForward: makes the jobs that wait due that much earlier.
    init(
        _ clock: QueueClock, metrics: MetricsRegistry, logger: Logger,
        bringForward: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.clock = clock
        self.metrics = metrics
        self.logger = logger
        self.bringForward = bringForward
        metrics.declare(
            .counter, "jarvis_clock_steps_total", help: "Times the wall clock of this machine was set.",
            labels: ["direction"])
        for direction in ["back", "forward"] { metrics.add(0, to: "jarvis_clock_steps_total", [direction]) }
    }

    /// By how much the wall clock is ahead of the time that has passed; it changes only when the clock is set.
    var offset: Duration { .seconds(clock.now().timeIntervalSince1970) - clock.uptime() }

    /// Runs until cancelled.
    func run() async {
        var known = offset
        while true {
            do { try await Task.sleep(for: Self.pause) } catch { return }
            known = await look(known)
        }
    }

    /// Looks once; the offset to compare with the next time.
    func look(_ known: Duration) async -> Duration {
        let found = offset
        let step = found - known
        guard step.magnitude > Self.tolerance else { return found }
        let metadata: Logger.Metadata = ["seconds": "\(Int64(step / .seconds(1)))", "see": "docs/OPERATE.md"]
        guard step < .zero else {
            metrics.add(1, to: "jarvis_clock_steps_total", ["forward"])
            logger.warning("the wall clock was set forward", metadata: metadata)
            return found
        }
        do {
            try await bringForward(step.magnitude)
        } catch {
            // Compared with what was known before the step, so that the next look finds it again.
            logger.warning(
                "the wall clock was set back, and jobs can't be brought along", metadata: ["error": "\(error)"])
            return known
        }
        metrics.add(1, to: "jarvis_clock_steps_total", ["back"])
        logger.warning("the wall clock was set back; what waits was brought along", metadata: metadata)
        return found
    }
}

extension Duration {
    fileprivate var magnitude: Duration { self < .zero ? .zero - self : self }
}
