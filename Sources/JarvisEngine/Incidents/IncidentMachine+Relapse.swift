// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import JarvisCore

extension IncidentMachine {
    /// Withdrawals that an incident keeps; the store has a row of each.
    static let keptWithdrawals = 16

    /// The alert came back: the verdict is withdrawn, and the cause is looked for anew.
    ///
    /// What was tried before stays in the timeline and the intents. It is not carried over: a step of the life before
    /// neither made what is there now nor may it be credited with what comes.
    func relapsed(_ alert: Alert, _ incident: Incident, _ now: Date) throws(EventRefusal) -> Transition {
        guard incident.mayRelapse(at: now), case .closed(let closing) = incident.phase, alert.state == .firing else {
            throw .stale
        }
        var transition = Transition(incident)
        let withdrawal = Withdrawal(
            number: (incident.withdrawals.last?.number ?? 0) + 1, closing: closing, pattern: incident.plan?.pattern,
            at: now)
        transition.withdrawal = withdrawal
        transition.incident.withdrawals = (incident.withdrawals + [withdrawal]).suffix(Self.keptWithdrawals)
        transition.incident.phase = .diagnosing
        transition.incident.plan = nil
        transition.incident.attempts = []
        transition.incident.baseline = []
        transition.incident.diagnoses = 0
        transition.incident.approvedUntil = nil
        transition.incident.approvedBy = nil
        transition.incident.release()
        if let index = incident.place(of: alert) {
            transition.incident.members[index].alert = alert
        } else if incident.members.count < Self.maximumMembers {
            transition.incident.members.append(Incident.Member(alert: alert))
        } else {
            // Not followed: nothing can be proven of it.
            transition.incident.omittedMembers += 1
        }
        let age = max(0, Int(now.timeIntervalSince(closing.at)))
        transition.note(
            "relapsed",
            "\(alert.displayName) fires again \(age) s after the incident ended: it was not fixed, and counts as a failed repair",
            at: now)
        transition.enqueue(.diagnose(incident.id), at: now)
        return transition
    }
}

extension Incident {
    /// Seconds after its end in which an alert of it that fires again tells that it was not fixed.
    package static let relapseWindow = 21_600.0

    /// Whether an alert of it that fires at `now` withdraws its verdict.
    ///
    /// Only what was credited as `fixed` is withdrawn. Where the clock was set back the end is taken for recent.
    package func mayRelapse(at now: Date) -> Bool {
        guard case .closed(let closing) = phase, closing.outcome == .fixed else { return false }
        return now.timeIntervalSince(closing.at) < Self.relapseWindow
    }

    /// Where an alert is among its members; nil: it is not followed.
    ///
    /// By its labels, too: a fingerprint can be forged, and Swift takes canonically equal strings for the same.
    func place(of alert: Alert) -> Int? {
        members.firstIndex { $0.alert.fingerprint == alert.fingerprint && $0.alert.labels == alert.labels }
    }
}
