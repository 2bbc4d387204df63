// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FaultPoints
import FoundationEssentials
import JarvisCore
import JarvisEngine

/// Runs the step that an incident stands at, at most once.
///
/// The intent is durable before the step starts, the receipt after. A second run of this job that finds an intent
/// without receipt of a claim that is held no more was preceded by a crash: it records that the ending is unknown and
/// never runs the step again.
struct ActJob {
    /// Seconds that a step may begin late (waiting for a session and the connection), plus those between TERM and
    /// KILL on the host, plus what a slow network may add.
    private static let grace = 35
    /// Seconds for a guard to take a timed revert.
    private static let armSeconds = 10

    let context: JobContext

    func run(_ id: IncidentID, _ claim: JobClaim) async throws {
        guard let stored = try await context.store.incident(id) else { throw EventRefusal.stale }
        let incident = try await lookAgain(stored, claim)
        guard case .acting(let index, let intent) = incident.phase, let plan = incident.plan,
            plan.steps.indices.contains(index)
        else { throw EventRefusal.stale }
        if let intent {
            // Two jobs about one incident: its step runs at this moment, and its own worker records how it ends.
            guard try await !context.store.isHeld(intent.fencingToken) else { throw EventRefusal.stale }
            FaultPoint.passes("act.interrupted")
            let receipt = Receipt(ending: .unknown(reason: "Jarvis was interrupted while the step ran"))
            return try await record(receipt, of: intent.id, id, claim)
        }
        do {
            // Such as after a pause of days: what a person agreed to was for now.
            if index == 0, let end = incident.approvedUntil, context.now() >= end {
                let held = incident.restrainedBy.map { "; it was held back: \($0)" } ?? ""
                throw ActionCatalogue.Refusal(reason: "the approval ran out before it could begin\(held)")
            }
            if index == 0 { try await checkAutonomy(plan, of: incident) }
            let (covered, host) = try ActionCatalogue.judge(
                index, of: plan, signals: incident.baseline, under: context.rules)
            FaultPoint.passes("act.judge.after")
            try await checkHolds(on: host)
            if FaultPoint.fails("act.holds.after") { throw StoreError.unavailable(reason: "injected") }
            // In the middle of a plan a wait would do more harm; a link that is down may be what the backup waits for.
            if index == 0, covered.revert == nil {
                try await context.checkOccupation(covered.step, of: plan.steps[index].action, on: host, claim)
            }
            let action = plan.steps[index].action
            let captured = try await capture(before: action, covered.step, claim)
            if index == 0, let captured, action.target == incident.target,
                let change = Precheck.change(since: incident.baseline, captured, of: action.target)
            {
                throw Unprepared(reason: change)
            }
            FaultPoint.passes("act.looks.after")
            let intent = newIntent(covered, of: action, index, incident, claim)
            try await act(covered, on: host, intent, captured, claim)
        } catch let refusal as ActionCatalogue.Refusal {
            try await context.ledger.apply(.refused(step: index, reason: refusal.reason), to: id) {
                $0.completing = claim
            }
        } catch let fault as Unprepared {
            try await context.ledger.apply(.unprepared(step: index, reason: fault.reason), to: id) {
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
            incident.restrainedBy != nil || incident.plan?.steps.first?.revert != nil
                || incident.baseline.contains(where: {
                    context.now().timeIntervalSince($0.observedAt) > IncidentMachine.baselineLifetime
                })
        else { return incident }
        let observation = await context.observer.observe(incident, since: nil, fencingToken: claim.token)
        try Task.checkCancellation()
        return try await context.ledger.apply(.lookedAgain(observation), to: incident.id) { $0.holding = claim }
    }

    /// A plan that nobody agreed to begins only as long as plans like it may: somebody may have lowered that since.
    private func checkAutonomy(_ plan: Plan, of incident: Incident) async throws {
        guard incident.approvedBy == nil else { return }
        let decisions = try await context.autonomy.autonomyRules()
        let level = context.rules.autonomy.under(decisions).level(for: plan)
        guard level == .auto else {
            throw ActionCatalogue.Refusal(
                reason: "it was to run by itself, and its autonomy is '\(level.rawValue)' meanwhile")
        }
    }

    /// Before the host is asked anything; what counts is the check in the intent's transaction.
    private func checkHolds(on host: Host) async throws {
        let now = context.now()
        let hold = try await context.restraints.holds(at: now).first { $0.applies(to: host.name, at: now) }
        if let hold { throw StoreError.restrained(.held(hold)) }
    }

    /// What the target is like right before it is changed; nil: nothing of it can be read, or nothing is changed.
    ///
    /// Throws `Unprepared` where an undo of the action would need what can't be read.
    private func capture(
        before action: Action, _ step: JudgedStep, _ claim: JobClaim
    ) async throws -> CapturedState? {
        guard step.commandClass > .observe, TargetProbe.exists(for: action.target, in: context.rules.inventory) else {
            return nil
        }
        let (state, fault) = await context.camera.everything(of: action.target, fencingToken: claim.token)
        try Task.checkCancellation()
        context.metrics.captured(fault == nil)
        if let fault, Restoration.obstacle(to: action) == nil {
            throw Unprepared(reason: "the state before the change could not be captured: \(fault)")
        }
        return state
    }

    /// A step does not begin: what there is is not what it was planned for, or an undo could not know what to put back.
    private struct Unprepared: Error {
        let reason: String
    }

    /// With the revert that its host is asked to hold first, where there is one.
    private func newIntent(
        _ covered: CommitConfirmation.Covered, of action: Action, _ index: Int, _ incident: Incident, _ claim: JobClaim
    ) -> Intent {
        let deadline = ActionCatalogue.deadlineSeconds(of: action.name) + Self.grace
        let now = context.now()
        let arming = covered.revert == nil ? 0 : Self.armSeconds + Self.grace
        let revert = covered.revert.map { revert in
            let seconds = CommitConfirmation.seconds(
                step: deadline, verification: context.ledger.machine.watch(incident).deadline)
            let earliest = now.addingTimeInterval(Double(seconds))
            return TimedRevert(
                id: context.newID(), canonical: revert.canonical, seconds: seconds, earliest: earliest,
                latest: earliest.addingTimeInterval(Double(arming)))
        }
        return Intent(
            id: context.newID(), incident: incident.id, step: index, action: action, canonical: covered.step.canonical,
            fencingToken: claim.token, recordedAt: now, remoteDeadlineSeconds: deadline + arming, revert: revert)
    }

    private func act(
        _ covered: CommitConfirmation.Covered, on host: Host, _ intent: Intent, _ captured: CapturedState?,
        _ claim: JobClaim
    ) async throws {
        let action = intent.action
        // Afterwards its log begins with something else.
        let endsRun = LastLines.step(before: action, in: context.rules.inventory, under: context.rules.policy) != nil
        let snapshot = try captured.map { state throws(SnapshotFault) in
            try context.sealing.seal(
                Snapshot(
                    intent: intent.id, incident: intent.incident, target: action.target, takenAt: context.now(),
                    state: state))
        }
        let lastLines = endsRun ? captured?.fields[.lastLines] : nil
        try await context.ledger.apply(.intended(intent, lastLines: lastLines), to: intent.incident) { change in
            change.intent = intent
            change.snapshot = snapshot
            change.blastRadius = context.rules.blastRadius
            change.holding = claim
        }
        FaultPoint.passes("act.intent.durable")
        let run = RunContext(
            fencingToken: claim.token, deadlineSeconds: ActionCatalogue.deadlineSeconds(of: intent.action.name),
            intent: intent.id, isClaimHeld: context.isClaimHeld)
        let receipt =
            if let revert = covered.revert, let timed = intent.revert {
                await runUnder(revert, timed, covered.step, on: host, run)
            } else {
                await context.runner.run(covered.step, on: host, run)
            }
        if FaultPoint.fails("act.run.after") { throw StoreError.unavailable(reason: "injected") }
        try await record(receipt, of: intent.id, intent.incident, claim)
    }

    /// Runs a step once the host holds the way back; a revert that was armed in vain does nothing.
    private func runUnder(
        _ revert: JudgedCommand, _ timed: TimedRevert, _ step: JudgedStep, on host: Host, _ run: RunContext
    ) async -> Receipt {
        let armed = await context.runner.arm(
            revert, after: timed.seconds, on: host,
            RunContext(
                fencingToken: run.fencingToken, deadlineSeconds: Self.armSeconds, intent: timed.id,
                isClaimHeld: run.isClaimHeld))
        guard case .exited(0) = armed.ending else {
            return Receipt(
                ending: .notStarted(reason: "the host does not hold the way back: \(armed.sentence)"))
        }
        context.metrics.revertEnded("armed")
        return await context.runner.run(
            step, on: host,
            RunContext(
                fencingToken: run.fencingToken, deadlineSeconds: run.deadlineSeconds, intent: run.intent,
                under: timed.id, isClaimHeld: run.isClaimHeld))
    }

    private func record(_ receipt: Receipt, of intent: IntentID, _ id: IncidentID, _ claim: JobClaim) async throws {
        try await context.ledger.apply(.received(intent, receipt), to: id) { change in
            change.receipt = (intent: intent, receipt: receipt)
            change.completing = claim
        }
    }
}
