// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore

extension IncidentMachine {
    /// Seconds before the host is told again.
    static let confirmationPause = 5.0

    /// A deadline, early enough that the host can still be told before it takes the change back.
    func latest(_ deadline: Date, _ incident: Incident) -> Date {
        guard let revert = incident.pendingRevert else { return deadline }
        return min(deadline, revert.earliest.addingTimeInterval(-Double(CommitConfirmation.margin) / 2))
    }

    /// Instead of the end of an incident whose repair is proven, where the host waits to hear of it.
    ///
    /// That it may hear of it from now on is durable before it is told.
    func confirm(_ verification: Verification, _ reason: String, _ transition: inout Transition, _ now: Date) {
        transition.incident.phase = .confirming(verification)
        transition.incident.attempts[transition.incident.attempts.count - 1].confirmation = .sent
        transition.note("proven", "\(reason); the host is told on a new connection that the change stays", at: now)
        transition.enqueue(.confirm(transition.incident.id), at: now)
    }

    func confirmed(_ id: IntentID, _ receipt: Receipt, _ incident: Incident, _ now: Date) throws(EventRefusal)
        -> Transition
    {
        guard let revert = incident.pendingRevert, revert.id == id else { throw .stale }
        var transition = Transition(incident)
        transition.audit.append(auditConfirmation(receipt, of: revert, incident, now))
        switch (incident.phase, receipt.ending) {
        case (.confirming(let verification), .exited(0)):
            transition.incident.attempts[incident.attempts.count - 1].confirmation = .kept
            keep(verification, &transition, now)
        case (.verifying, .exited(0)):
            // The alert fired again while the host was being told: what follows is judged like any other change.
            transition.incident.attempts[incident.attempts.count - 1].confirmation = .kept
            transition.note("change kept", "the host was told before the alert fired again", at: now)
        case (.confirming(let verification), .exited):
            close(
                &transition, .escalated, .unknown,
                "it was well, but the host has taken the change back or knows nothing of it: "
                    + receipt.standardError.display(limit: 200),
                evidence: Signal.Kind.allCases.compactMap { verification.latest[$0] }, now)
        case (.confirming(let verification), _) where now >= revert.latest:
            close(
                &transition, .escalated, .unknown,
                "it was well, but the host could not be told in time\(incident.revertNote(now))",
                evidence: Signal.Kind.allCases.compactMap { verification.latest[$0] }, now)
        case (.confirming, _):
            transition.note("not confirmed yet", receipt.sentence, at: now)
            transition.enqueue(.confirm(incident.id), at: now.addingTimeInterval(Self.confirmationPause))
        default: throw .stale
        }
        return transition
    }

    /// The change stays; the proof must still be fresh, or it is made again.
    private func keep(_ verification: Verification, _ transition: inout Transition, _ now: Date) {
        let evidence = Signal.Kind.allCases.compactMap { verification.latest[$0] }
        let newest = evidence.map(\.observedAt).max() ?? .distantPast
        guard
            now.timeIntervalSince(newest) <= VerificationTiming.longestHole(window: verification.stabilityWindow)
        else {
            return verify(.repair, &transition, "the host keeps the change, and the proof of it is old by now", now)
        }
        close(
            &transition, .fixed, .verified, "every signal stayed good, and the host was told to keep the change",
            evidence: evidence, now)
    }
}

extension Incident {
    /// What the host may do on its own: the revert of the last step that may have run, unless it surely was told.
    var pendingRevert: TimedRevert? {
        guard let last = attempts.last, last.confirmation != .kept else { return nil }
        if case .notStarted? = last.receipt?.ending { return nil }
        return last.intent.revert
    }

    /// For the end of an incident that is not proven: what the host does, or has done, about the change.
    func revertNote(_ now: Date) -> String {
        guard let revert = pendingRevert else { return "" }
        let unless = attempts.last?.confirmation == .sent ? ", unless it got word that the change stays" : ""
        let what =
            now < revert.latest
            ? "takes the change back by itself until \(RFC3339.format(revert.latest))"
            : "has taken the change back by itself"
        return "; the host \(what), with \(revert.canonical)\(unless)"
    }
}
