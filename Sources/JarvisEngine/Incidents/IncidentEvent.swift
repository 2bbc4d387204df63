// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import JarvisCore

/// Something that happened to an incident.
package enum IncidentEvent: Sendable {
    /// One of its alerts, or one that joins it, was reported.
    case reported(Alert)
    /// The alert that it was repaired for fires again soon after it ended as fixed.
    case relapsed(Alert)
    /// Everything was looked at to find a plan; with how changes of its pattern and to its target went lately, and
    /// what a person decided about autonomy since the start.
    case diagnosed(Observation, TrackRecord, [AutonomyPolicy.Rule] = [])
    /// Everything was looked at once more before the first step of a plan, because the last look is old.
    case lookedAgain(Observation)
    /// The intent of the step it stands at is about to become durable; with what its target said last, where the step
    /// ends a run of it.
    case intended(Intent, lastLines: String? = nil)
    /// What the target of the step it stands at is like right before it is not what it was planned for, or can't be read.
    case unprepared(step: Int, reason: String)
    /// The step it stands at was judged again right before it would run, and may not run.
    case refused(step: Int, reason: String)
    /// Something keeps the step it stands at from beginning now.
    case restrained(step: Int, Restraint)
    /// The step of this intent ended, or may have.
    case received(IntentID, Receipt)
    /// One round of watching was done.
    case observed(Observation, round: Int)
    /// The host was told that the change of this intent stays, or could not be.
    case confirmed(IntentID, Receipt)
    /// A person decided about the plan with this hash.
    case decided(Approval.Decision, planHash: String, by: String)
    /// The time to decide about the plan with this hash is over.
    case approvalExpired(planHash: String)
    /// A person wants what was done for it to be taken back.
    case undoWanted(by: String)
    /// The step of this intent was taken back without a command, or can't be.
    case undoSettled(of: IntentID, Undoing.Ending)
    /// The intent of the command that takes a step back is about to become durable; it restores these fields.
    case undoIntended(Intent, restoring: [SnapshotField])
    /// Something keeps the command that takes the step of this intent back from beginning now.
    case undoRestrained(of: IntentID, Restraint)
    /// The command of this intent, which takes a step back, ended or may have.
    case undoReceived(IntentID, Receipt)
    /// The target was looked at again after the command of this intent: which fields are not as before; nil: unknown.
    case undoCompared(IntentID, differing: [SnapshotField]?, round: Int)
    /// The store was put back to what it held at this time; what was done since is not known.
    case restored(Date)
    /// A person wants its alerts silenced, or that to end.
    case silenceWanted(SilenceWish)
    /// The change that one of its silences stands at may not begin now, or, without a time, not at all.
    case silenceHeld(step: Int, reason: String, retryAfter: Double?)
    /// The intent of such a change, in this canonical form, is about to become durable.
    case silenceIntended(APIIntent, canonical: String)
    /// It is known what became of the change of this intent.
    case silenceAnswered(IntentID, APIReceipt)
    /// It is not known; and why.
    case silenceUnanswered(IntentID, reason: String)

    /// Which of them it is, in one word.
    package var name: String {
        switch self {
        case .reported: "reported"
        case .relapsed: "relapsed"
        case .diagnosed: "diagnosed"
        case .lookedAgain: "lookedAgain"
        case .intended: "intended"
        case .unprepared: "unprepared"
        case .refused: "refused"
        case .restrained: "restrained"
        case .received: "received"
        case .observed: "observed"
        case .confirmed: "confirmed"
        case .decided: "decided"
        case .approvalExpired: "approvalExpired"
        case .undoWanted: "undoWanted"
        case .undoSettled: "undoSettled"
        case .undoIntended: "undoIntended"
        case .undoRestrained: "undoRestrained"
        case .undoReceived: "undoReceived"
        case .undoCompared: "undoCompared"
        case .restored: "restored"
        case .silenceWanted: "silenceWanted"
        case .silenceHeld: "silenceHeld"
        case .silenceIntended: "silenceIntended"
        case .silenceAnswered: "silenceAnswered"
        case .silenceUnanswered: "silenceUnanswered"
        }
    }
}

/// What follows from an event.
package struct Transition: Sendable {
    /// The incident after it, its version increased.
    package var incident: Incident
    /// Lines for its timeline.
    package var entries: [TimelineEntry] = []
    /// Work that follows.
    package var jobs: [JobRequest] = []
    /// Records for the audit log.
    package var audit: [AuditRecord] = []
    /// The ending that it withdraws.
    package internal(set) var withdrawal: Withdrawal?
    /// Steps that it ends the undo of.
    package internal(set) var undone: [Undoing.Result] = []
    /// Whether it is this that opens an ended incident again.
    package internal(set) var isReopening = false
    /// Whether it is this that ends the incident.
    package internal(set) var isEnd = false
    /// Whether it puts the earlier ending of the incident back, which was counted then.
    package internal(set) var isClosedAgain = false

    init(_ incident: Incident) {
        self.incident = incident
        self.incident.version += 1
    }

    mutating func note(_ what: String, _ detail: String = "", evidence: [Signal] = [], at now: Date) {
        entries.append(
            TimelineEntry(at: now, phase: incident.phase.name, what: what, detail: detail, evidence: evidence))
    }

    /// Before what it led to.
    mutating func noteFirst(_ what: String, _ detail: String, at now: Date) {
        entries.insert(
            TimelineEntry(at: now, phase: incident.phase.name, what: what, detail: detail, evidence: []), at: 0)
    }

    mutating func enqueue(_ work: JobRequest.Work, at due: Date) {
        jobs.append(JobRequest(work, dueAt: due, priority: incident.priority, lane: incident.lane))
    }
}

/// Why an event does not apply to the incident as it is.
package enum EventRefusal: Error, Equatable, CustomStringConvertible {
    /// It comes too late, or a second time; there is nothing to do.
    case stale
    /// It may not happen; a sentence for a person.
    case refused(String)

    /// One sentence for a person.
    package var description: String {
        switch self {
        case .stale: "the incident has moved on"
        case .refused(let reason): reason
        }
    }
}

extension Incident {
    /// Which work goes first: that of the most urgent alert.
    package var priority: Int { members.map(\.alert.labels.priority).min() ?? 2 }

    /// Whose work it is among that of others: its target's host; empty where there is none.
    package var lane: String { target?.host.text ?? "" }
}
