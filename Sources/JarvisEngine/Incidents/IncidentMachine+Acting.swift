// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FoundationEssentials
import JarvisCore

extension IncidentMachine {
    /// Seconds after which what was measured before a plan no longer counts, such as when a person took their time.
    package static let baselineLifetime = 15.0

    func lookedAgain(_ observation: Observation, _ incident: Incident, _ now: Date) throws(EventRefusal) -> Transition {
        guard case .acting(step: 0, intent: nil) = incident.phase, let action = incident.plan?.steps.first?.action
        else {
            throw .stale
        }
        var transition = Transition(incident)
        transition.incident.baseline = observation.signals.map { $0.held(to: incident.baseline) }
        transition.incident.timing = incident.timing.updated(with: observation.timing)
        if let change = Precheck.change(of: action.target, from: incident.baseline, to: observation.signals) {
            diagnoseAgain(&transition, change, evidence: observation.signals, now)
        } else if ActionCatalogue.isCalledFor(action.name, by: observation.signals) {
            // What is held back looks again every few seconds, perhaps for days: that is not said every time.
            guard incident.restrainedBy == nil else { return transition }
            transition.note("looked again", "the plan is still called for", evidence: observation.signals, at: now)
        } else {
            verify(.recovery, &transition, "the plan is no longer called for", now)
        }
        return transition
    }

    func intended(_ intent: Intent, _ lastLines: String?, _ incident: Incident, _ now: Date) throws(EventRefusal)
        -> Transition
    {
        guard case .acting(let step, intent: nil) = incident.phase, intent.step == step, let plan = incident.plan else {
            throw .stale
        }
        guard plan.steps.indices.contains(step), plan.steps[step].action == intent.action,
            plan.steps[step].canonical == intent.canonical, plan.steps[step].revert == intent.revert?.canonical
        else {
            throw .refused("what would run is not what was planned")
        }
        var transition = Transition(incident)
        transition.incident.phase = .acting(step: step, intent: intent)
        transition.incident.release()
        if let lastLines {
            transition.note("last lines", "what \(intent.action.target) said before it:\n\(lastLines)", at: now)
        }
        transition.incident.attempts.append(Incident.Attempt(intent: intent))
        let revert = intent.revert.map {
            "; unless it is confirmed within \($0.seconds) s, the host itself runs \($0.canonical)"
        }
        transition.note(
            "intent", "step \(step + 1) of \(plan.steps.count): \(intent.canonical)\(revert ?? "")", at: now)
        transition.audit.append(auditIntent(intent, plan, incident, now))
        return transition
    }

    func refused(_ step: Int, _ reason: String, _ incident: Incident, _ now: Date) throws(EventRefusal) -> Transition {
        guard case .acting(step, intent: nil) = incident.phase else { throw .stale }
        var transition = Transition(incident)
        if incident.hasActed {
            transition.note("step refused", reason, at: now)
            compensate(step, "the rest of the plan may not run", &transition, now)
        } else {
            close(&transition, .escalated, nil, "the step may not run: \(reason)", now)
        }
        return transition
    }

    /// What there is right before a step is not what it was planned for, or can't be captured: plan again.
    func unprepared(_ step: Int, _ reason: String, _ incident: Incident, _ now: Date) throws(EventRefusal) -> Transition
    {
        guard case .acting(step, intent: nil) = incident.phase else { throw .stale }
        guard !incident.hasActed else { return try refused(step, reason, incident, now) }
        var transition = Transition(incident)
        if incident.diagnoses < Self.maximumDiagnoses {
            diagnoseAgain(&transition, reason, now)
        } else {
            verify(.recovery, &transition, reason, now)
        }
        return transition
    }

    /// A plan failed at this step: what the steps before it did is taken back, where they left something to put back.
    ///
    /// The step itself may have happened in part. Where nothing can be put back, what became of it all is watched.
    private func compensate(_ step: Int, _ why: String, _ transition: inout Transition, _ now: Date) {
        let begun = transition.incident.stepsToUndo
        let isChange = transition.incident.plan.map { $0.steps[step].commandClass > .observe } ?? false
        let failed = begun.filter { $0.step == step && Restoration.obstacle(to: $0.action) == nil }
        let earlier = begun.filter { $0.step < step }
        var reason = "the plan failed at step \(step + 1)"
        let left = begun.filter { $0.step == step && Restoration.obstacle(to: $0.action) != nil }
        let remainder = left.first.map { "\($0.action) may have happened in part, and can't be taken back" }
        reason += remainder.map { ": \($0)" } ?? ""
        let obstacle =
            isChange && !earlier.isEmpty
            ? beginUndo(of: earlier + failed, .failedPlan, nil, reason, leaving: remainder, &transition, now)
            : ""
        if obstacle != nil { verify(.repair, &transition, why, now) }
    }

    func restrained(_ step: Int, _ restraint: Restraint, _ incident: Incident, _ now: Date) throws(EventRefusal)
        -> Transition
    {
        guard case .acting(step, intent: nil) = incident.phase, let plan = incident.plan else { throw .stale }
        var isOver = restraint.retryAfter == nil
        if case .occupied = restraint, let since = incident.occupiedSince {
            isOver = now.timeIntervalSince(since) >= Occupation.patience
        }
        guard !isOver, let pause = restraint.retryAfter else {
            let steps = plan.steps[step...].map(\.action.description).joined(separator: ", then ")
            return try refused(step, "\(restraint.description); it would have been: \(steps)", incident, now)
        }
        var transition = Transition(incident)
        let reason = restraint.description
        // Counted from the first one, whatever it is called later.
        if case .occupied = restraint { transition.incident.occupiedSince = incident.occupiedSince ?? now }
        if incident.restrainedBy != reason {
            transition.incident.restrainedBy = reason
            transition.note("held back", reason, at: now)
        }
        transition.enqueue(.act(incident.id), at: now.addingTimeInterval(pause))
        return transition
    }

    func received(_ id: IntentID, _ receipt: Receipt, _ incident: Incident, _ now: Date) throws(EventRefusal)
        -> Transition
    {
        guard case .acting(let step, let intent?) = incident.phase, intent.id == id, let plan = incident.plan,
            let index = incident.attempts.firstIndex(where: { $0.intent.id == id && $0.receipt == nil })
        else { throw .stale }
        var transition = Transition(incident)
        transition.incident.attempts[index].receipt = receipt
        transition.audit.append(auditReceipt(receipt, of: intent, incident, now))
        let isLook = plan.steps.indices.contains(step) && plan.steps[step].commandClass == .observe
        transition.note("receipt", receipt.summary(withOutput: isLook), at: now)
        switch receipt.ending {
        case .exited(0) where step + 1 < plan.steps.count:
            transition.incident.phase = .acting(step: step + 1, intent: nil)
            transition.enqueue(.act(incident.id), at: now)
        case .exited where plan.commandClass == .observe, .timedOut where plan.commandClass == .observe:
            // Diagnosis alone is never a success, whatever it exits with.
            close(&transition, .escalated, nil, "looked at what a person needs to know; nothing was changed", now)
        case .exited(0): verify(.repair, &transition, "an exit status proves nothing", now)
        case .exited, .timedOut: compensate(step, "an exit status proves nothing", &transition, now)
        case .notStarted where transition.incident.hasActed:
            // Planning anew would run the earlier steps a second time.
            compensate(step, "the rest of the plan was not carried out", &transition, now)
        case .notStarted(let said):
            let reason = UntrustedText(said).display()
            if incident.diagnoses < Self.maximumDiagnoses {
                diagnoseAgain(&transition, "the step was not started: \(reason)", now)
            } else {
                close(&transition, .escalated, nil, "the step could not be started: \(reason)", now)
            }
        case .unknown:
            // The remote command may still run: look only when the host must have ended it.
            let over = intent.recordedAt.addingTimeInterval(Double(intent.remoteDeadlineSeconds))
            verify(.repair, &transition, "it is not known whether the step ran", now, firstLookAt: max(over, now))
        }
        return transition
    }
}

extension Incident {
    /// Nothing keeps its step any more.
    mutating func release() {
        restrainedBy = nil
        occupiedSince = nil
    }
}

extension Receipt {
    /// For the timeline; with the output of a step that only looks, which is what it was run for.
    fileprivate func summary(withOutput: Bool) -> String {
        let took = (seconds * 100).rounded() / 100
        let said = standardError.verbatim.isEmpty ? "" : ": \(standardError.display())"
        return switch ending {
        case .exited(let status):
            "exit status \(status) after \(took) s\(status == 0 ? "" : said)"
                + (withOutput ? ":\n\(standardOutput.displayEnd(limit: 4000))" : "")
        case .notStarted(let reason): "not started: \(UntrustedText(reason).display())"
        case .timedOut: "ended by the host at its deadline after \(took) s"
        case .unknown(let reason): "unknown: \(UntrustedText(reason).display())"
        }
    }
}
