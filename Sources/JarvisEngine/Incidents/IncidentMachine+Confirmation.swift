// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore

extension IncidentMachine {
    /// Seconds before the host is told again.
    static let confirmationPause = 5.0

    /// A deadline, early enough that the host can still be told before it takes the change back.
    func latest(_ deadline: Date, _ incident: Incident) -> Date {
        guard let revert = incident.pendingRevert else { return deadline }
        return min(deadline, revert.dueAt.addingTimeInterval(-Double(CommitConfirmation.margin) / 2))
    }

    /// Instead of the end of an incident whose repair is proven, where the host waits to hear of it.
    func confirm(_ verification: Verification, _ reason: String, _ transition: inout Transition, _ now: Date) {
        transition.incident.phase = .confirming(verification)
        transition.note("proven", "\(reason); the host is told on a new connection that the change stays", at: now)
        transition.enqueue(.confirm(transition.incident.id), at: now)
    }

    func confirmed(_ id: IntentID, _ receipt: Receipt, _ incident: Incident, _ now: Date) throws(EventRefusal)
        -> Transition
    {
        guard case .confirming(let verification) = incident.phase, let revert = incident.pendingRevert, revert.id == id
        else { throw .stale }
        var transition = Transition(incident)
        let evidence = Signal.Kind.allCases.compactMap { verification.latest[$0] }
        switch receipt.ending {
        case .exited(0):
            close(
                &transition, .fixed, .verified, "every signal stayed good, and the host was told to keep the change",
                evidence: evidence, now)
        case .exited:
            close(
                &transition, .escalated, .unknown,
                "it was well, but the host has taken the change back or has forgotten it: "
                    + receipt.standardError.display(limit: 200), evidence: evidence, now)
        case .notStarted, .timedOut, .unknown:
            guard now < revert.dueAt else {
                close(
                    &transition, .escalated, .unknown,
                    "it was well, but the host could not be told in time and has taken the change back",
                    evidence: evidence, now)
                break
            }
            transition.note("not confirmed yet", receipt.ending.reason, at: now)
            transition.enqueue(.confirm(incident.id), at: now.addingTimeInterval(Self.confirmationPause))
        }
        return transition
    }
}

extension Incident {
    /// What the host will do on its own unless it is told otherwise: the revert of the last step that may have run.
    var pendingRevert: TimedRevert? {
        guard let last = attempts.last else { return nil }
        if case .notStarted? = last.receipt?.ending { return nil }
        return last.intent.revert
    }

    /// For the end of an incident that is not proven: what the host is about to do.
    func revertNote(_ now: Date) -> String {
        guard let revert = pendingRevert, revert.dueAt > now else { return "" }
        return "; nobody confirms the change, so the host takes it back with \(revert.canonical) until "
            + RFC3339.format(revert.dueAt)
    }
}

extension Receipt.Ending {
    fileprivate var reason: String {
        switch self {
        case .exited(let status): "exit status \(status)"
        case .notStarted(let reason), .unknown(let reason): UntrustedText(reason).display()
        case .timedOut: "the host did not answer in time"
        }
    }
}
