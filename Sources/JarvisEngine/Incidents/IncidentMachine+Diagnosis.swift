// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FoundationEssentials
import JarvisCore

extension IncidentMachine {
    func diagnosed(
        _ observation: Observation, _ record: TrackRecord, _ decisions: [AutonomyPolicy.Rule], _ incident: Incident,
        _ now: Date
    ) throws(EventRefusal) -> Transition {
        guard incident.phase == .diagnosing, let alert = incident.members.first?.alert else { throw .stale }
        var transition = Transition(incident)
        transition.incident.diagnoses += 1
        transition.incident.baseline = observation.signals.map { $0.held(to: incident.baseline) }
        transition.incident.timing = incident.timing.updated(with: observation.timing)
        if !incident.isFiring, !isMeasuredBad(observation.signals) {
            verify(.recovery, &transition, "no alert of it fires any more", now)
            return transition
        }
        let found = Planner.plan(
            for: alert.labels, signals: observation.signals, annotations: observation.annotations, rules: rules,
            decisions: decisions)
        switch found {
        case .escalate(let reason):
            // A target that can't be seen now may be seen in a moment: the network, a reboot.
            if isUnseen(observation.signals), transition.incident.diagnoses < Self.maximumDiagnoses {
                diagnoseAgain(&transition, reason, evidence: observation.signals, now)
            } else {
                close(&transition, .escalated, nil, reason, evidence: observation.signals, now)
            }
        case .notCalledFor(let reason): verify(.recovery, &transition, reason, now)
        case .plan(let plan, _) where isUnseenTarget(of: plan, incident):
            // Known only from the plan: its state before the change is part of the proof.
            transition.incident.target = plan.target
            transition.note("target recognised", "\(plan.target), by the rule's own commands", at: now)
            transition.enqueue(.diagnose(incident.id), at: now)
        case .plan(let plan, let autonomy):
            let atWork = observation.signs.first(where: \.isWorkInProgress)
            if let atWork, plan.commandClass > .observe, transition.incident.diagnoses < Self.maximumDiagnoses {
                return waiting(atWork, transition, observation.signals, now)
            }
            let cautions = [
                rules.breakers.caution(record, pattern: plan.pattern, target: plan.target),
                Deliberation.caution(observation.signs, threshold: rules.deliberationThreshold(of: plan.pattern)),
            ].compactMap(\.self)
            let caution = cautions.isEmpty ? nil : cautions.joined(separator: "; ")
            propose(plan, autonomy, caution, observation.signals, &transition, now)
        }
        return transition
    }

    /// Leaves it to what is at it already, for as long as is looked for a plan.
    private func waiting(
        _ sign: RestraintSign, _ transition: Transition, _ signals: [Signal], _ now: Date
    ) -> Transition {
        var transition = transition
        diagnoseAgain(&transition, sign.sentence, evidence: signals, now)
        return transition
    }

    private func propose(
        _ plan: Plan, _ allowed: Autonomy, _ caution: String?, _ signals: [Signal], _ transition: inout Transition,
        _ now: Date
    ) {
        // Looking is allowed in quarantine too: it is how a person learns what is wrong.
        let asksFirst = caution != nil && plan.commandClass != .observe
        let autonomy = allowed == .auto && asksFirst ? .approve : allowed
        transition.incident.plan = plan
        transition.incident.approvedUntil = nil
        transition.incident.approvedBy = nil
        transition.incident.target = plan.target
        let steps = plan.steps.map(\.description).joined(separator: ", then ")
        switch autonomy {
        case .auto:
            transition.incident.phase = .acting(step: 0, intent: nil)
            transition.note(
                "plan", "\(steps) (pattern \(plan.pattern), \(plan.commandClass.rawValue), auto)", evidence: signals,
                at: now)
            transition.enqueue(.act(transition.incident.id), at: now)
        case .approve:
            let hash = plan.hash(rules.digest)
            let expiry = now.addingTimeInterval(rules.approvalLifetime)
            transition.incident.phase = .awaitingApproval(Approval(planHash: hash, requestedAt: now, expiresAt: expiry))
            transition.note(
                "approval needed",
                "\(steps) (pattern \(plan.pattern), \(plan.commandClass.rawValue)); plan \(hash.prefix(12))"
                    + (caution.map { "; \($0)" } ?? ""),
                evidence: signals, at: now)
            transition.enqueue(.expireApproval(transition.incident.id, planHash: hash, expiresAt: expiry), at: expiry)
        case .observe:
            close(
                &transition, .escalated, nil, "only looking is allowed here; it would have been: \(steps)",
                evidence: signals, now)
        }
    }

    func diagnoseAgain(_ transition: inout Transition, _ reason: String, evidence: [Signal] = [], _ now: Date) {
        transition.incident.phase = .diagnosing
        transition.incident.release()
        transition.incident.plan = nil
        transition.note("diagnose again", reason, evidence: evidence, at: now)
        transition.enqueue(.diagnose(transition.incident.id), at: now.addingTimeInterval(Self.diagnosisPause))
    }

    /// Something on or of the target was measured bad, and the metrics do not contradict it.
    ///
    /// A resolved alert then proves nothing: the exporter may have died with the target.
    private func isMeasuredBad(_ signals: [Signal]) -> Bool {
        let isBad = signals.contains { $0.kind != .metrics && ($0.reading == .bad || $0.reading == .badForGood) }
        return isBad && !signals.contains { $0.kind == .metrics && $0.reading == .good }
    }

    private func isUnseenTarget(of plan: Plan, _ incident: Incident) -> Bool {
        incident.target != plan.target
            && TargetProbe.exists(for: plan.target, in: rules.inventory)
    }

    private func isUnseen(_ signals: [Signal]) -> Bool {
        signals.contains { $0.kind == .target && $0.reading == .unknown }
    }
}

extension Plan {
    /// What an approval is bound to: a digest over pattern, target and every step as judged.
    package func hash(_ digest: (String) -> String) -> String {
        var fields = [pattern, policyDigest ?? "", endpoint, target.host.text, target.kind.rawValue, target.name]
        for step in steps {
            fields += [
                step.action.name.rawValue, step.action.target.description, step.commandClass.rawValue, step.canonical,
                step.command ?? "",
            ]
            for (name, value) in step.action.parameters.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                fields.append("\(name.rawValue) \(value)")
            }
            if let revert = step.revert { fields.append("revert " + revert) }
            if let undo = step.undo { fields.append("undo \(undo.commandClass.rawValue) " + undo.canonical) }
        }
        // Lengths in front, so that no two different lists of fields give the same text.
        return digest(fields.map { "\($0.utf8.count):\($0)" }.joined(separator: ","))
    }
}

extension ObservationTiming {
    func updated(with newer: ObservationTiming) -> ObservationTiming {
        ObservationTiming(
            scrapeInterval: newer.scrapeInterval ?? scrapeInterval,
            evaluationInterval: newer.evaluationInterval ?? evaluationInterval,
            keepFiringFor: newer.keepFiringFor ?? keepFiringFor, longestRange: newer.longestRange ?? longestRange,
            recurrence: newer.recurrence ?? recurrence,
            lastBeginning: newer.lastBeginning ?? lastBeginning)
    }
}
