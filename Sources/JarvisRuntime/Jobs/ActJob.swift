// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FoundationEssentials
import JarvisCore
import JarvisEngine

/// Runs the step that an incident stands at, at most once.
///
/// The intent is durable before the step starts, the receipt after. A second run of this job that finds an intent
/// without receipt was preceded by a crash: it records that the ending is unknown and never runs the step again.
struct ActJob {
    /// Seconds that a step may begin late (waiting for a session and the connection), plus those between TERM and
    /// KILL on the host, plus what a slow network may add.
    private static let grace = 25

    let context: JobContext

    func run(_ id: IncidentID, _ claim: JobClaim) async throws {
        guard let stored = try await context.store.incident(id) else { throw EventRefusal.stale }
        let incident = try await lookAgain(stored, claim)
        guard case .acting(let index, let intent) = incident.phase, let plan = incident.plan,
            plan.steps.indices.contains(index)
        else { throw EventRefusal.stale }
        if let intent {
            let receipt = Receipt(ending: .unknown(reason: "Jarvis was interrupted while the step ran"))
            return try await record(receipt, of: intent.id, id, claim)
        }
        let action = plan.steps[index].action
        do {
            let (step, host) = try judgeAgain(plan.steps[index], of: plan)
            try await act(step, on: host, action, index, id, claim)
        } catch let refusal as ActionCatalogue.Refusal {
            try await context.ledger.apply(.refused(step: index, reason: refusal.reason), to: id) {
                $0.completing = claim
            }
        } catch StoreError.restrained(let restraint) {
            context.metrics.stepRestrained(restraint)
            try await context.ledger.apply(.restrained(step: index, restraint), to: id) { $0.completing = claim }
        }
    }

    /// Before the first step, with the state of the target as it is now and not as it was when somebody was asked.
    private func lookAgain(_ incident: Incident, _ claim: JobClaim) async throws -> Incident {
        guard case .acting(step: 0, intent: nil) = incident.phase,
            incident.restrainedBy != nil
                || incident.baseline.contains(where: {
                    context.now().timeIntervalSince($0.observedAt) > IncidentMachine.baselineLifetime
                })
        else { return incident }
        let observation = await context.observer.observe(incident, since: nil, fencingToken: claim.token)
        try Task.checkCancellation()
        return try await context.ledger.apply(.lookedAgain(observation), to: incident.id) { $0.holding = claim }
    }

    private func act(
        _ step: JudgedStep, on host: Host, _ action: Action, _ index: Int, _ id: IncidentID, _ claim: JobClaim
    ) async throws {
        let deadline = ActionCatalogue.deadlineSeconds(of: action.name)
        let intent = Intent(
            id: context.newID(), incident: id, step: index, action: action, canonical: step.canonical,
            fencingToken: claim.token, recordedAt: context.now(), remoteDeadlineSeconds: deadline + Self.grace)
        try await context.ledger.apply(.intended(intent), to: id) { change in
            change.intent = intent
            change.blastRadius = context.rules.blastRadius
            change.holding = claim
        }
        let receipt = await context.runner.run(
            step, on: host, RunContext(fencingToken: claim.token, deadlineSeconds: deadline, intent: intent.id))
        try await record(receipt, of: intent.id, id, claim)
    }

    /// What runs is judged now, from the action, and must be what was planned (and perhaps approved).
    private func judgeAgain(_ planned: Plan.Step, of plan: Plan) throws(ActionCatalogue.Refusal)
        -> (step: JudgedStep, host: Host)
    {
        let step = try ActionCatalogue.judge(planned, in: context.rules.inventory, under: context.rules.policy)
        guard step.canonical == planned.canonical, step.commandClass == planned.commandClass,
            let host = context.rules.inventory.hosts[planned.action.target.host], host.endpointText == plan.endpoint,
            plan.policyDigest ?? "" == context.rules.policyDigest
        else {
            throw ActionCatalogue.Refusal(
                reason:
                    "the policy has changed since the plan was made, the step is judged otherwise now, or its host is reached "
                    + "elsewhere")
        }
        return (step, host)
    }

    private func record(_ receipt: Receipt, of intent: IntentID, _ id: IncidentID, _ claim: JobClaim) async throws {
        try await context.ledger.apply(.received(intent, receipt), to: id) { change in
            change.receipt = (intent: intent, receipt: receipt)
            change.completing = claim
        }
    }
}
