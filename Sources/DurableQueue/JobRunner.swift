// SPDX-License-Identifier: Apache-2.0

import FaultPoints
import FoundationEssentials
import Logging

/// Runs one claimed job to its recorded end.
struct JobRunner<C: Clock>: Sendable where C.Duration == Duration {
    let driver: any JobQueueDriver
    let configuration: JobQueueConfiguration
    let clock: C
    let random: @Sendable () -> Double
    let logger: Logger
    let handler: @Sendable (ClaimedJob, JobLease) async throws -> Void

    /// Runs the handler under the lease and records the result.
    ///
    /// When the queue can't record it, the lease runs out and the job is done again.
    ///
    /// - Parameter asked: the moment before the claim was asked for.
    func perform(_ job: ClaimedJob, asked: C.Instant, isStopping: () -> Bool) async {
        do {
            guard job.attempts <= configuration.strategy(for: job.kind).maximumAttempts else {
                try await giveUp(job, reason: "all tries ended without a result; the last ones took the process along")
                return
            }
            if let failure = await runUnderLease(job, LeaseEnd(asked: asked, lease: configuration.lease, clock: clock))
            {
                try await settle(job, failure, isStopping: isStopping())
            } else {
                // False where the handler completed it together with its result.
                if FaultPoint.fails("queue.complete.before") { throw InjectedFault() }
                _ = try await driver.complete(job)
                FaultPoint.passes("queue.complete.after")
            }
        } catch {
            logger.warning(
                "how a job ended can't be recorded; it will be done again",
                metadata: JobMetadata.of(job).merging([JobMetadata.reason: "\(error)"]) { $1 })
        }
    }

    /// Runs the handler while the lease is being prolonged; the handler's error, nil when it returned.
    private func runUnderLease(_ job: ClaimedJob, _ end: LeaseEnd<C>) async -> (any Error)? {
        await withTaskGroup(of: EndOfRun.self) { group in
            group.addTask {
                do {
                    if FaultPoint.fails("job.", job.kind, ".before") { throw InjectedFault() }
                    try await handler(job, JobLease { end.remaining > .zero })
                    if FaultPoint.fails("job.", job.kind, ".after") { throw InjectedFault() }
                    return .handler(nil)
                } catch {
                    return .handler(error)
                }
            }
            group.addTask {
                await keepLease(of: job, end)
                return .lease
            }
            // Beside the keeper, whose question to the store may take longer than the lease.
            group.addTask {
                await end.wait()
                return .lease
            }
            var failure: (any Error)?
            for await ended in group {
                switch ended {
                case .handler(let error): failure = error
                case .lease where end.remaining <= .zero && !Task.isCancelled:
                    logger.warning("a lease ran out while its job was being done", metadata: JobMetadata.of(job))
                case .lease: break
                }
                // Whoever ends first ends the other: without lease the work is in vain, without work the lease is.
                group.cancelAll()
            }
            return failure
        }
    }

    /// Returns when the claim is lost or over, or when the task is cancelled.
    private func keepLease(of job: ClaimedJob, _ end: LeaseEnd<C>) async {
        var pause = configuration.lease / 3
        while true {
            do { try await clock.sleep(for: pause) } catch { return }
            guard end.remaining > .zero else { return }
            do {
                let asked = clock.now
                if FaultPoint.fails("queue.extend.before") { throw InjectedFault() }
                guard try await driver.extend(job, lease: configuration.lease) else { return }
                end.renew(asked: asked)
                pause = configuration.lease / 3
            } catch {
                // Not fatal: there are more tries before the end, and the token guards the result.
                pause = configuration.lease / 12
                logger.warning(
                    "a lease can't be prolonged",
                    metadata: JobMetadata.of(job).merging([JobMetadata.reason: "\(error)"]) { $1 })
            }
        }
    }

    private func settle(_ job: ClaimedJob, _ failure: any Error, isStopping: Bool) async throws {
        if isStopping, failure is CancellationError {
            if FaultPoint.fails("queue.release.before") { throw InjectedFault() }
            _ = try await driver.release(job)
            FaultPoint.passes("queue.release.after")
            return
        }
        let steering = failure as? any JobError
        let reason = String(String(describing: failure).prefix(2000))
        let pause = configuration.strategy(for: job.kind).pause(afterAttempt: job.attempts, random: random())
        guard steering?.isRetryable ?? true, let pause else {
            try await giveUp(job, reason: reason)
            return
        }
        let wait = max(pause, steering?.retryAfter ?? .zero)
        if FaultPoint.fails("queue.retry.before") { throw InjectedFault() }
        defer { FaultPoint.passes("queue.retry.after") }
        let isHeld = try await driver.retry(job, after: wait, reason: reason)
        logger.debug(
            isHeld ? "a job failed and will be tried again" : "a job failed after its claim was lost",
            metadata: JobMetadata.of(job).merging(
                [JobMetadata.reason: "\(reason)", JobMetadata.pause: "\(wait)"]) { $1 })
    }

    private func giveUp(_ job: ClaimedJob, reason: String) async throws {
        guard try await driver.deadLetter(job, reason: reason) else { return }
        logger.error(
            "a job was given up",
            metadata: JobMetadata.of(job).merging([JobMetadata.reason: "\(reason)"]) { $1 })
    }
}

/// What ended first while a job ran.
private enum EndOfRun: Sendable {
    case handler((any Error)?)
    case lease
}
