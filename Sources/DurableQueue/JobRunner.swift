// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Logging

/// Runs one claimed job to its recorded end.
struct JobRunner<C: Clock>: Sendable where C.Duration == Duration {
    let driver: any JobQueueDriver
    let configuration: JobQueueConfiguration
    let clock: C
    let now: @Sendable () -> Date
    let random: @Sendable () -> Double
    let logger: Logger
    let handler: @Sendable (ClaimedJob) async throws -> Void

    /// Runs the handler under the lease and records the result.
    ///
    /// When the queue can't record it, the lease runs out and the job is done again.
    func perform(_ job: ClaimedJob, isStopping: () -> Bool) async {
        do {
            guard job.attempts <= configuration.strategy(for: job.kind).maximumAttempts else {
                try await giveUp(job, reason: "all tries ended without a result; the last ones took the process along")
                return
            }
            if let failure = await runUnderLease(job) {
                try await settle(job, failure, isStopping: isStopping())
            } else {
                // False where the handler completed it together with its result.
                _ = try await driver.complete(job)
            }
        } catch {
            logger.warning(
                "how a job ended can't be recorded; it will be done again",
                metadata: JobMetadata.of(job).merging([JobMetadata.reason: "\(error)"]) { $1 })
        }
    }

    /// Runs the handler while the lease is being prolonged; the handler's error, nil when it returned.
    private func runUnderLease(_ job: ClaimedJob) async -> (any Error)? {
        await withTaskGroup(of: EndOfRun.self) { group in
            group.addTask {
                do {
                    try await handler(job)
                    return .handler(nil)
                } catch {
                    return .handler(error)
                }
            }
            group.addTask {
                await keepLease(of: job)
                return .lease
            }
            var failure: (any Error)?
            for await ended in group {
                if case .handler(let error) = ended { failure = error }
                // Whoever ends first ends the other: without lease the work is in vain, without work the lease is.
                group.cancelAll()
            }
            return failure
        }
    }

    /// Returns when the claim is lost or the task is cancelled.
    private func keepLease(of job: ClaimedJob) async {
        while true {
            do { try await clock.sleep(for: configuration.lease / 3) } catch { return }
            do {
                guard try await driver.extend(job, lease: configuration.lease, now: now()) else { return }
            } catch {
                // Not fatal: there are two more tries before the lease ends, and the token guards the result.
                logger.warning(
                    "a lease can't be prolonged",
                    metadata: JobMetadata.of(job).merging([JobMetadata.reason: "\(error)"]) { $1 })
            }
        }
    }

    private func settle(_ job: ClaimedJob, _ failure: any Error, isStopping: Bool) async throws {
        if isStopping, failure is CancellationError {
            _ = try await driver.release(job)
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
        let isHeld = try await driver.retry(job, at: now().addingTimeInterval(wait / .seconds(1)), reason: reason)
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
