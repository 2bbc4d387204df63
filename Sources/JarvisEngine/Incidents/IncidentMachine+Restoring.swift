// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore

extension IncidentMachine {
    /// No plan of before is carried on, because its steps may have run since: what is there now is looked at first.
    ///
    /// A step with an intent is never begun again anyway: its job records that the ending is unknown.
    func restored(_ backup: Date, _ incident: Incident, _ now: Date) throws(EventRefusal) -> Transition {
        var transition = Transition(incident)
        let why = "the store was put back to \(RFC3339.format(backup)), and what was done since is not known"
        forgetSilencesToMake(why, &transition, now)
        switch incident.phase {
        case .closed: throw .stale
        case .awaitingApproval, .acting(_, intent: nil):
            transition.incident.approvedUntil = nil
            transition.incident.approvedBy = nil
            if incident.hasActed {
                verify(.repair, &transition, "\(why): the rest of the plan is not carried out", now)
            } else {
                diagnoseAgain(&transition, "\(why): the plan of before is not carried out", now)
            }
        case .undoing(let undoing) where undoing.attempt == nil:
            giveUp(undoing, why, &transition, now)
        case .diagnosing, .acting, .verifying, .confirming, .undoing: transition.note("restored", why, at: now)
        }
        return transition
    }
}
