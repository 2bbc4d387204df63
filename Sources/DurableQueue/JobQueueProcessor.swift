// SPDX-License-Identifier: Apache-2.0

import FaultPoints
import FoundationEssentials
package import Logging
import Synchronization

/// Works through a queue: claims jobs when workers are free, keeps their leases, records how they end.
///
/// Workers are shared fairly: no lane takes more than its places, so that a host that answers slowly holds up itself
/// only, and every few claims the job that waits longest goes first, so that a storm of urgent work starves nothing.
/// A job that fails is tried again as its error and the strategy say, or given up with the reason; it never stops the
/// others. A job whose earlier claims all ended without a word (the process died with it) is given up too once its
/// attempts are used up.
package final class JobQueueProcessor<C: Clock>: Sendable where C.Duration == Duration {
    /// Does a job; returning means done, throwing means not done.
    ///
    /// It may complete the job itself, in the transaction that writes the result. It is cancelled when the claim is
    /// lost (or, soon after, when it has completed the job itself) and at the end of the grace period of a shutdown.
    package typealias Handler = @Sendable (ClaimedJob, JobLease) async throws -> Void

    private struct State {
        var running = 0
        var runningByLane: [String: Int] = [:]
        var claims = 0
        var isStopping = false

        mutating func begin(_ job: ClaimedJob) {
            running += 1
            if !job.lane.isEmpty { runningByLane[job.lane, default: 0] += 1 }
        }

        mutating func end(_ job: ClaimedJob) {
            running -= 1
            guard let count = runningByLane[job.lane] else { return }
            runningByLane[job.lane] = count > 1 ? count - 1 : nil
        }
    }

    private let driver: any JobQueueDriver
    private let configuration: JobQueueConfiguration
    private let clock: C
    private let runner: JobRunner<C>
    private let logger: Logger
    private let state = Mutex(State())
    private let bell = WakeSignal()

    /// Prepares a processor; nothing happens before `run`.
    ///
    /// - Parameters:
    ///   - clock: measures leases and pauses.
    ///   - random: from 0 up to 1, for the jitter of pauses.
    package init(
        driver: any JobQueueDriver, configuration: JobQueueConfiguration = JobQueueConfiguration(),
        clock: C = ContinuousClock(), random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
        logger: Logger, handler: @escaping Handler
    ) {
        self.driver = driver
        self.configuration = configuration
        self.clock = clock
        self.logger = logger
        runner = JobRunner(
            driver: driver, configuration: configuration, clock: clock, random: random, logger: logger, handler: handler
        )
    }

    /// Says that there may be something to do: to be called after a commit that put jobs into the queue.
    package func wake() { bell.ring() }

    /// Works until the task is cancelled; call it once.
    ///
    /// Then nothing more is claimed, running jobs may finish within the grace period and are cancelled after it. It
    /// returns when all of them have ended. A job that was cut off goes back into the queue.
    package func run() async {
        // Not a child task: a child would be cancelled together with this one, before the grace period.
        let work = Task { await self.work() }
        await withTaskCancellationHandler {
            await work.value
        } onCancel: {
            state.withLock { $0.isStopping = true }
            bell.ring()
        }
    }

    private var isStopping: Bool { state.withLock { $0.isStopping } }
    private var running: Int { state.withLock { $0.running } }

    private func work() async {
        await withDiscardingTaskGroup { group in
            while !isStopping {
                let rest = await claimAll { job, asked in
                    state.withLock { $0.begin(job) }
                    group.addTask {
                        await self.runner.perform(job, asked: asked) { self.isStopping }
                        self.state.withLock { $0.end(job) }
                        self.bell.ring()
                    }
                }
                if let rest { await bell.wait(atMost: rest, clock: clock) } else { await bell.wait() }
            }
            FaultPoint.passes("queue.drain.before")
            await drain()
            FaultPoint.passes("queue.drain.after")
            group.cancelAll()
        }
    }

    /// Starts what can be claimed; how long to rest then, nil for as long as all workers are busy.
    private func claimAll(start: (ClaimedJob, C.Instant) -> Void) async -> Duration? {
        do {
            while !isStopping {
                let free = configuration.workers - running
                guard free > 0 else { return nil }
                let asked = clock.now
                if FaultPoint.fails("queue.claim.before") { throw InjectedFault() }
                let jobs = try await driver.claim(limit: free, lease: configuration.lease, nextSelection())
                FaultPoint.passes("queue.claim.after")
                guard !jobs.isEmpty else { break }
                for job in jobs { start(job, asked) }
            }
            guard let rest = try await driver.untilNextDue(selection(.urgency)) else {
                return configuration.pollInterval
            }
            // At least a millisecond: two clocks that disagree by a rounding must not make this loop spin.
            return min(max(rest, .milliseconds(1)), configuration.pollInterval)
        } catch {
            logger.warning("the queue can't be read", metadata: [JobMetadata.reason: "\(error)"])
            return configuration.pauseAfterFailure
        }
    }

    private func nextSelection() -> JobSelection {
        let claims = state.withLock { state in
            state.claims &+= 1
            return state.claims
        }
        return selection(claims.isMultiple(of: configuration.claimsPerTurnOfAge) ? .age : .urgency)
    }

    private func selection(_ order: JobSelection.Order) -> JobSelection {
        let running = state.withLock { $0.runningByLane }
        return JobSelection(
            kinds: configuration.kinds, placesLeft: running.mapValues { configuration.lanePlaces - $0 },
            lanePlaces: configuration.lanePlaces, order: order)
    }

    private func drain() async {
        let deadline = clock.now.advanced(by: configuration.shutdownGrace)
        while running > 0, clock.now < deadline {
            await bell.wait(atMost: clock.now.duration(to: deadline), clock: clock)
        }
        if running > 0 {
            logger.notice("jobs are cut off by the shutdown", metadata: [JobMetadata.running: "\(running)"])
        }
    }
}
