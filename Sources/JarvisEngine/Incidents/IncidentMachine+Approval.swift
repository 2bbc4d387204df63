// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore

extension IncidentMachine {
    /// Seconds for which an approval holds at least.
    private static let shortestApproval = 300.0

    func decided(_ decision: Approval.Decision, _ planHash: String, _ person: String, _ incident: Incident, _ now: Date)
        throws(EventRefusal) -> Transition
    {
        guard case .awaitingApproval(let approval) = incident.phase, let plan = incident.plan else {
            throw .refused("this incident does not wait for a decision (it is \(incident.phase.name))")
        }
        guard approval.planHash == planHash, plan.hash(rules.digest) == planHash else {
            throw .refused("the decision is about another plan than the one that waits; look at it again")
        }
        guard decision == .denied || plan.policyDigest ?? "" == rules.policyDigest else {
            throw .refused(
                "the policy has changed since this plan was made; deny it, and the next alert is planned anew")
        }
        guard now < approval.expiresAt else { throw .refused("the time to decide about this plan is over") }
        var transition = Transition(incident)
        transition.audit.append(auditDecision(decision, plan, planHash, person, incident, now))
        switch decision {
        case .approved:
            transition.incident.phase = .acting(step: 0, intent: nil)
            // Who decides in the last minute still means now.
            transition.incident.approvedUntil = max(approval.expiresAt, now.addingTimeInterval(Self.shortestApproval))
            transition.incident.approvedBy = person
            transition.note("approved", "by \(person), plan \(planHash.prefix(12))", at: now)
            transition.enqueue(.act(incident.id), at: now)
        case .denied:
            transition.note("denied", "by \(person), plan \(planHash.prefix(12))", at: now)
            close(&transition, .handedOver, nil, "\(person) denied the plan", now)
        }
        return transition
    }

    func approvalExpired(_ planHash: String, _ incident: Incident, _ now: Date) throws(EventRefusal) -> Transition {
        guard case .awaitingApproval(let approval) = incident.phase, approval.planHash == planHash else { throw .stale }
        // The same plan may have been asked about before; only the end of the newer question counts. The second is
        // for stores that round times.
        guard now.addingTimeInterval(1) >= approval.expiresAt else { throw .stale }
        var transition = Transition(incident)
        close(&transition, .escalated, nil, "nobody decided about the plan in time", evidence: incident.baseline, now)
        return transition
    }
}
