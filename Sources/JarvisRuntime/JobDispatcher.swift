// SPDX-License-Identifier: Apache-2.0

package import DurableQueue
import JarvisCore
import JarvisEngine

/// Runs a claimed job: decodes what is to be done and hands it to the job of that kind.
package struct JobDispatcher: Sendable {
    private let context: JobContext

    /// Dispatches to jobs that work with this context.
    package init(context: JobContext) { self.context = context }

    /// Decides on incidents with the same ports.
    package var decisions: Decisions {
        Decisions(ledger: context.ledger, store: context.store, isAlertingKnown: context.alerting != nil)
    }

    /// Does one job; a job that the incident has moved past is done without effect.
    package func run(_ job: ClaimedJob, under lease: JobLease) async throws {
        let work: JobRequest.Work
        do {
            work = try JobRequest.Work(payload: job.payload)
        } catch {
            throw StoreError.corrupt(what: "the payload of job \(job.id)")
        }
        do {
            try await run(work, JobClaim(job: job.id, token: job.token), context.under(lease))
        } catch EventRefusal.stale {
            return
        } catch {
            context.metrics.jobFailed(kind: work.kind)
            throw error
        }
    }

    private func run(_ work: JobRequest.Work, _ claim: JobClaim, _ context: JobContext) async throws {
        switch work {
        case .intake(let delivery): try await IntakeJob(context: context).run(delivery, claim)
        case .diagnose(let incident): try await DiagnoseJob(context: context).run(incident, claim)
        case .act(let incident): try await ActJob(context: context).run(incident, claim)
        case .observe(let incident, let round):
            try await ObserveJob(context: context).run(incident, round: round, claim)
        case .confirm(let incident): try await ConfirmJob(context: context).run(incident, claim)
        case .undo(let incident, let round): try await UndoJob(context: context).run(incident, round: round, claim)
        case .expireApproval(let incident, let planHash, _):
            try await ExpireApprovalJob(context: context).run(incident, planHash: planHash, claim)
        case .silence(let incident): try await SilenceJob(context: context).run(incident, claim)
        }
    }
}
