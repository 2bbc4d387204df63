// SPDX-License-Identifier: Apache-2.0

import FaultPoints
package import FoundationEssentials
package import JarvisCore
import JarvisEngine

/// Gives every open incident that nobody works on the job that carries it on, at the start of a process.
///
/// An incident whose job was given up would otherwise stay open for ever and swallow every later alert about its
/// target. One that another instance works on is left to it: a second job would take the intent of the first, which
/// may run at this moment, for one of a process that is gone. A job that waits already is not doubled, but is done as
/// early as it is asked for here (see `JobQueueDriver.enqueue`).
///
/// Silences are beside that: whichever incident has one that is to be worked on, a closed one too, gets the job for it,
/// because the end of a silence must not hang on a job that was given up, dropped, or is due by a clock that was set back
/// since. A second one beside what another instance works on does no harm: it finds that the claim of the first is held.
package struct Recovery: Sendable {
    private let store: any IncidentStore
    private let now: @Sendable () -> Date

    /// Recovers the incidents of this store.
    package init(store: any IncidentStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// Asks for the jobs, durably, and returns how many it asked for.
    package func run() async throws(StoreError) -> Int {
        var change = StoreChange()
        change.jobs = try await store.idleIncidents().compactMap { job(for: $0) }
        change.jobs += try await store.incidentsWithSilenceWork().compactMap { incident in
            incident.silencesDue(at: now()).map {
                JobRequest(.silence(incident.id), dueAt: $0, priority: incident.priority, lane: incident.lane)
            }
        }
        if FaultPoint.fails("recovery.commit.before") { throw .unavailable(reason: "injected") }
        if !change.jobs.isEmpty { try await store.commit(change) }
        FaultPoint.passes("recovery.commit.after")
        return change.jobs.count
    }

    private func job(for incident: Incident) -> JobRequest? {
        let work: JobRequest.Work
        var due = now()
        switch incident.phase {
        case .diagnosing: work = .diagnose(incident.id)
        case .awaitingApproval(let approval):
            work = .expireApproval(incident.id, planHash: approval.planHash, expiresAt: approval.expiresAt)
            due = approval.expiresAt
        case .acting: work = .act(incident.id)
        case .verifying(let verification):
            work = .observe(incident.id, round: verification.round)
            due = firstLook(verification, incident)
        case .confirming: work = .confirm(incident.id)
        case .undoing(let undoing):
            work = .undo(incident.id, round: undoing.round)
            due = firstLook(undoing, incident)
        case .closed: return nil
        }
        return JobRequest(work, dueAt: due, priority: incident.priority, lane: incident.lane)
    }

    /// The same of a command that takes a step back.
    private func firstLook(_ undoing: Undoing, _ incident: Incident) -> Date {
        guard let attempt = undoing.attempt else {
            let longest = incident.attempts.map(\.intent.remoteDeadlineSeconds).max() ?? 0
            return min(max(now(), incident.surelyEnded ?? now()), now().addingTimeInterval(Double(longest)))
        }
        guard case .unknown? = attempt.receipt?.ending, let deadline = undoing.deadline else { return now() }
        let begin = deadline.addingTimeInterval(-UndoTiming.patience)
        return min(max(now(), begin), now().addingTimeInterval(Double(attempt.intent.remoteDeadlineSeconds)))
    }

    /// A step of unknown ending may still run, and what is seen before its host has surely ended it is not its effect.
    ///
    /// That takes no longer than the step's deadline: beyond it the clock was set back.
    private func firstLook(_ verification: Verification, _ incident: Incident) -> Date {
        let longest = Double(incident.attempts.last?.intent.remoteDeadlineSeconds ?? 0)
        return min(max(now(), verification.since), now().addingTimeInterval(longest))
    }
}
