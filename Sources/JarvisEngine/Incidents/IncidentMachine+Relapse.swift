// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import JarvisCore

extension IncidentMachine {
    /// Withdrawals that an incident keeps; the store has a row of each.
    static let keptWithdrawals = 16

    /// The alert fires again: the ending is doubted, and the cause is looked for anew.
    ///
    /// What was tried before stays in the timeline and the intents. It is not carried over: a step of the life before
    /// neither made what is there now nor may it be credited with what comes. Of the alerts only the one that fires again
    /// is known to; what was heard of the others since the end was not noted here.
    func relapsed(_ alert: Alert, _ incident: Incident, _ now: Date) throws(EventRefusal) -> Transition {
        guard incident.mayRelapse(at: now), case .closed(let closing) = incident.phase, alert.state == .firing else {
            throw .stale
        }
        var transition = Transition(incident)
        transition.isReopening = true
        transition.incident.doubted = Withdrawal(
            number: (incident.withdrawals.last?.number ?? 0) + 1, closing: closing, pattern: incident.plan?.pattern,
            at: now)
        transition.incident.phase = .diagnosing
        transition.incident.members = [Incident.Member(alert: alert)]
        transition.incident.omittedMembers = 0
        transition.incident.plan = nil
        transition.incident.attempts = []
        transition.incident.baseline = []
        transition.incident.diagnoses = 0
        transition.incident.approvedUntil = nil
        transition.incident.approvedBy = nil
        transition.incident.release()
        let age = max(0, Int(now.timeIntervalSince(closing.at)))
        transition.note("relapsed", "\(alert.displayName) fires again \(age) s after it ended as fixed", at: now)
        transition.enqueue(.diagnose(incident.id), at: now)
        return transition
    }

    /// Decides about an incident whose last ending is doubted.
    ///
    /// An alert alone may be late, a duplicate or forged. The verdict is withdrawn when something is measured bad, in
    /// time to count for the plan that this leads to, or when the incident ends otherwise than well by itself.
    func handleDoubted(
        _ event: IncidentEvent, _ incident: Incident, _ now: Date,
        _ decide: (IncidentEvent) throws(EventRefusal) -> Transition
    ) throws(EventRefusal) -> Transition {
        let isConfirmed = event.observation?.signals.contains(where: \.isBad) == true
        var transition = try decide(isConfirmed ? event.countingOneMoreFailure : event)
        guard let doubted = transition.incident.doubted else { return transition }
        if isConfirmed || transition.incident.endsUnwell {
            let withdrawal = Withdrawal(
                number: doubted.number, closing: doubted.closing, pattern: doubted.pattern, at: now)
            transition.withdrawal = withdrawal
            let all = transition.incident.withdrawals + [withdrawal]
            transition.incident.withdrawals = all.suffix(Self.keptWithdrawals)
            transition.incident.doubted = nil
            transition.noteFirst(
                "verdict withdrawn", "it was not fixed at \(RFC3339.format(doubted.closing.at)): a failed repair",
                at: now)
        } else if transition.incident.phase.isClosed {
            transition.incident.doubted = nil
            transition.noteFirst("verdict stands", "nothing was seen bad since", at: now)
        }
        return transition
    }
}

extension Incident {
    /// Seconds after its end in which an alert of it that fires again casts doubt on `fixed`.
    package static let relapseWindow = 21_600.0

    /// Seconds after its end in which its alert may still be reported without that meaning anything.
    ///
    /// As long as a verification may take: by then the rule has recovered, `keep_firing_for` included, and its sender has
    /// had time to say so.
    package static let settlingTime = VerificationTiming.longestDeadline

    /// Whether an alert of it that fires at `now` casts doubt on its verdict.
    ///
    /// Only what was credited as `fixed` is doubted. Where the clock was set back the end is taken for recent.
    package func mayRelapse(at now: Date) -> Bool {
        guard case .closed(let closing) = phase, closing.outcome == .fixed else { return false }
        return now.timeIntervalSince(closing.at) < Self.relapseWindow
    }

    /// Whether its plan was made for this alert, or for one that the same pattern knows.
    ///
    /// Another alert that had joined it is not what was repaired, and has a plan of its own.
    package func isPlanned(for alert: Alert, pattern: String?) -> Bool {
        place(of: alert) == 0 || (pattern != nil && plan?.pattern == pattern)
    }

    /// Where an alert is among its members; nil: it is not followed.
    ///
    /// By its labels, too: a fingerprint can be forged, and Swift takes canonically equal strings for the same.
    func place(of alert: Alert) -> Int? {
        members.firstIndex { $0.alert.fingerprint == alert.fingerprint && $0.alert.labels == alert.labels }
    }

    /// Whether it had a life before, of which alerts may be heard that are not followed any more.
    var wasReopened: Bool { doubted != nil || !withdrawals.isEmpty }

    fileprivate var endsUnwell: Bool {
        if case .closed(let closing) = phase { closing.outcome != .selfResolved } else { false }
    }
}

extension IncidentEvent {
    /// What was seen; nil where it tells of nothing else.
    fileprivate var observation: Observation? {
        switch self {
        case .diagnosed(let observation, _, _), .lookedAgain(let observation), .observed(let observation, _):
            observation
        default: nil
        }
    }

    /// The same, with a track record that has the failure that is about to be recorded.
    fileprivate var countingOneMoreFailure: IncidentEvent {
        guard case .diagnosed(let observation, var record, let decisions) = self else { return self }
        record.ofPattern += 1
        record.onTarget += 1
        record.inAll += 1
        return .diagnosed(observation, record, decisions)
    }
}

extension Signal {
    fileprivate var isBad: Bool { reading == .bad || reading == .badForGood }
}
