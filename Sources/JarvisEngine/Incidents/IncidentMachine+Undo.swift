// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
package import FoundationEssentials
package import JarvisCore

/// Taking steps back: newest first, each proven before the next, and only where something can be put back.
extension IncidentMachine {
    /// Begins to take back what these steps did; else says why nothing can be put back.
    ///
    /// Nil: it has begun.
    func beginUndo(
        of steps: [Intent], _ cause: Undoing.Cause, _ verdict: Verdict?, _ reason: String, evidence: [Signal] = [],
        leaving remainder: String? = nil, _ transition: inout Transition, _ now: Date
    ) -> String? {
        guard !steps.isEmpty else { return "no step of it may have changed anything" }
        let obstacles = steps.compactMap { Restoration.obstacle(to: $0.action) }
        guard obstacles.count < steps.count else { return obstacles.first ?? "nothing can be put back" }
        transition.incident.release()
        var earlier: Closing?
        if case .closed(let closing) = transition.incident.phase { earlier = closing }
        let undoing = Undoing(
            cause: cause, verdict: verdict, reason: reason, since: now, remainder: remainder, earlier: earlier,
            remaining: steps.reversed())
        transition.incident.phase = .undoing(undoing)
        let what = undoing.remaining.map(\.action.description).joined(separator: ", then ")
        transition.note("undo begins", "\(reason); to be taken back: \(what)", evidence: evidence, at: now)
        settleObvious(undoing, &transition, now)
        return nil
    }

    /// A person wants what an incident did to be taken back.
    func undoWanted(_ person: String, _ incident: Incident, _ now: Date) throws(EventRefusal) -> Transition {
        let ended: String
        switch incident.phase {
        case .closed(let closing) where closing.outcome == .undone:
            throw .refused("it was undone at \(RFC3339.format(closing.at))")
        case .closed(let closing):
            ended = "it had ended as \(closing.outcome.rawValue): \(closing.reason)"
        case .verifying(let verification):
            ended = "it was being verified since \(RFC3339.format(verification.since))"
        case .undoing: throw .refused("it is being undone already")
        case .diagnosing, .awaitingApproval: throw .refused("it has changed nothing yet")
        case .acting: throw .refused("a step of it runs or waits; once it is done, it can be undone")
        case .confirming:
            throw .refused("its host is being told to keep the change; once that is done, it can be undone")
        }
        guard incident.pendingRevert.map({ now >= $0.latest }) ?? true else {
            throw .refused("its host takes the change back by itself, unless it is confirmed")
        }
        if let end = incident.surelyEnded, now < end {
            throw .refused(
                "it is not known how a step of it ended, and its host may still run it: from \(RFC3339.format(end)) on it "
                    + "can be undone")
        }
        var transition = Transition(incident)
        transition.isReopening = incident.phase.isClosed
        transition.audit.append(auditUndo(by: person, incident, now))
        transition.note("undo wanted", "by \(person); \(ended)", at: now)
        if let obstacle = beginUndo(
            of: incident.stepsToUndo, .asked(by: person), nil, "\(person) wants it undone; \(ended)", &transition, now)
        {
            throw .refused(obstacle)
        }
        return transition
    }

    /// The first of the remaining steps was seen to without a command.
    func undoSettled(
        _ id: IntentID, _ ending: Undoing.Ending, _ incident: Incident, _ now: Date
    ) throws(EventRefusal) -> Transition {
        guard case .undoing(let undoing) = incident.phase, undoing.attempt == nil, undoing.remaining.first?.id == id
        else { throw .stale }
        var transition = Transition(incident)
        settle(ending, undoing, &transition, now)
        return transition
    }

    /// The intent of the command that takes the first of the remaining steps back is about to become durable.
    func undoIntended(
        _ intent: Intent, _ fields: [SnapshotField], _ incident: Incident, _ now: Date
    ) throws(EventRefusal) -> Transition {
        guard case .undoing(var undoing) = incident.phase, undoing.attempt == nil, let step = undoing.remaining.first,
            intent.undoes == step.id, intent.action.target == step.action.target
        else { throw .stale }
        var transition = Transition(incident)
        transition.incident.release()
        undoing.attempt = Incident.Attempt(intent: intent)
        undoing.fields = fields
        transition.incident.phase = .undoing(undoing)
        transition.note("undo intent", "takes back \(step.action): \(intent.canonical)", at: now)
        transition.audit.append(auditUndoIntent(intent, undoing, incident, now))
        return transition
    }

    /// Something keeps that command from beginning now, or for good.
    func undoRestrained(
        _ id: IntentID, _ restraint: Restraint, _ incident: Incident, _ now: Date
    ) throws(EventRefusal) -> Transition {
        guard case .undoing(var undoing) = incident.phase, undoing.attempt == nil, undoing.remaining.first?.id == id
        else { throw .stale }
        var transition = Transition(incident)
        guard let pause = restraint.retryAfter, now.timeIntervalSince(undoing.since) < UndoTiming.longestHold else {
            settle(.refused(restraint.description), undoing, &transition, now)
            return transition
        }
        if incident.restrainedBy != restraint.description {
            transition.incident.restrainedBy = restraint.description
            transition.note("undo held back", restraint.description, at: now)
        }
        lookAgain(&undoing, at: now.addingTimeInterval(pause), &transition)
        return transition
    }

    /// That command ended, or may have.
    func undoReceived(_ id: IntentID, _ receipt: Receipt, _ incident: Incident, _ now: Date) throws(EventRefusal)
        -> Transition
    {
        guard case .undoing(var undoing) = incident.phase, let intent = undoing.attempt?.intent, intent.id == id,
            undoing.attempt?.receipt == nil
        else { throw .stale }
        var transition = Transition(incident)
        transition.audit.append(auditUndoReceipt(receipt, of: intent, undoing, incident, now))
        transition.note("undo receipt", receipt.sentence, at: now)
        if case .notStarted(let said) = receipt.ending {
            undoing.attempt = nil
            undoing.failures += 1
            if undoing.failures >= UndoTiming.maximumFailures {
                let reason = UntrustedText(said).display()
                settle(.refused("it could not be started: \(reason)"), undoing, &transition, now)
            } else {
                lookAgain(&undoing, at: now.addingTimeInterval(UndoTiming.retryPause), &transition)
            }
            return transition
        }
        undoing.attempt?.receipt = receipt
        var first = now
        if case .unknown = receipt.ending {
            // It may still run on its host: what is seen before that must have ended proves nothing.
            first = max(now, intent.recordedAt.addingTimeInterval(Double(intent.remoteDeadlineSeconds)))
        }
        undoing.deadline = first.addingTimeInterval(UndoTiming.patience)
        lookAgain(&undoing, at: first, &transition)
        return transition
    }

    /// The target was captured again after that command, to be compared with the snapshot.
    ///
    /// - Parameter differing: fields that are not what the snapshot says; nil: it could not be read.
    func undoCompared(
        _ id: IntentID, _ differing: [SnapshotField]?, _ round: Int, _ incident: Incident, _ now: Date
    ) throws(EventRefusal) -> Transition {
        guard case .undoing(var undoing) = incident.phase, undoing.attempt?.intent.id == id, undoing.round == round,
            undoing.attempt?.receipt != nil, let deadline = undoing.deadline
        else { throw .stale }
        var transition = Transition(incident)
        if differing == [] {
            // Never from a time that is to come: where the clock was set back the window begins again.
            let since = undoing.goodSince.map { min($0, now) } ?? now
            undoing.goodSince = since
            guard now.timeIntervalSince(since) < UndoTiming.stabilityWindow else {
                settle(.restored(undoing.fields), undoing, &transition, now)
                return transition
            }
        } else {
            undoing.goodSince = nil
            guard now < deadline else {
                settle(.notRestored(differing ?? undoing.fields), undoing, &transition, now)
                return transition
            }
        }
        lookAgain(&undoing, at: now.addingTimeInterval(UndoTiming.pause), &transition)
        return transition
    }

    private func lookAgain(_ undoing: inout Undoing, at due: Date, _ transition: inout Transition) {
        undoing.round += 1
        transition.incident.phase = .undoing(undoing)
        transition.enqueue(.undo(transition.incident.id, round: undoing.round), at: due)
    }

    /// Takes nothing more back, for this reason.
    func giveUp(_ undoing: Undoing, _ reason: String, _ transition: inout Transition, _ now: Date) {
        settle(.refused(reason), undoing, &transition, now)
    }

    /// Notes what became of the first of the remaining steps and goes on to the next.
    private func settle(_ ending: Undoing.Ending, _ undoing: Undoing, _ transition: inout Transition, _ now: Date) {
        var undoing = undoing
        let step = undoing.remaining.removeFirst()
        note(ending, of: step, &undoing, &transition)
        undoing.attempt = nil
        undoing.failures = 0
        undoing.goodSince = nil
        undoing.deadline = nil
        transition.incident.phase = .undoing(undoing)
        transition.note("undo of a step", "\(step.action): \(ending.sentence)", at: now)
        // What was done before a step that could not be taken back stays: its order would be wrong.
        if ending.isFailure {
            for skipped in undoing.remaining {
                note(.refused("a later step was not taken back"), of: skipped, &undoing, &transition)
            }
            undoing.remaining = []
        }
        settleObvious(undoing, &transition, now)
    }

    /// Goes past steps that leave nothing to put back, and ends when none is left.
    private func settleObvious(_ undoing: Undoing, _ transition: inout Transition, _ now: Date) {
        var undoing = undoing
        while let step = undoing.remaining.first,
            case .nothingToRestore(let reason) = Restoration.scope(of: step.action)
        {
            undoing.remaining.removeFirst()
            note(.nothingToRestore(reason), of: step, &undoing, &transition)
        }
        guard undoing.remaining.isEmpty else {
            return lookAgain(&undoing, at: max(now, transition.incident.surelyEnded ?? now), &transition)
        }
        finish(undoing, &transition, now)
    }

    private func note(
        _ ending: Undoing.Ending, of step: Intent, _ undoing: inout Undoing, _ transition: inout Transition
    ) {
        let result = Undoing.Result(intent: step.id, action: step.action, ending: ending)
        undoing.results.append(result)
        transition.undone.append(result)
    }

    private func finish(_ undoing: Undoing, _ transition: inout Transition, _ now: Date) {
        let told = undoing.results.map { "\($0.action): \($0.ending.sentence)" }.joined(separator: "; ")
        let isUndone = undoing.remainder == nil && !undoing.results.contains { $0.ending.isFailure }
        if !isUndone, let earlier = undoing.earlier, undoing.results.allSatisfy(\.ending.isUntouched) {
            // A wish that came to nothing takes nothing away from what was proven.
            transition.note("not undone", told, at: now)
            transition.incident.release()
            transition.incident.phase = .closed(earlier)
            transition.isClosedAgain = true
            // Last, because whoever follows an incident stops there.
            transition.note(earlier.outcome.rawValue, earlier.reason, at: now)
            return
        }
        close(
            &transition, isUndone ? .undone : .escalated, undoing.verdict,
            (isUndone ? "taken back, and proven: " : "it could not all be taken back: ") + "\(told); \(undoing.reason)",
            isToldAgain: !isUndone, now)
    }
}

extension Incident {
    /// When its host has surely ended what may still run of it; nil: nothing may.
    package var surelyEnded: Date? {
        attempts.compactMap { attempt -> Date? in
            switch attempt.receipt?.ending {
            case .unknown, nil:
                attempt.intent.recordedAt.addingTimeInterval(Double(attempt.intent.remoteDeadlineSeconds))
            // The host has ended the command; what it had asked for may still be on its way.
            case .timedOut:
                attempt.intent.recordedAt.addingTimeInterval(
                    Double(attempt.intent.remoteDeadlineSeconds) + UndoTiming.settling)
            case .exited, .notStarted: nil
            }
        }.max()
    }

    /// The steps that may have changed something, oldest first.
    var stepsToUndo: [Intent] {
        attempts.filter { attempt in
            if case .notStarted? = attempt.receipt?.ending { return false }
            return plan?.steps.indices.contains(attempt.intent.step) != true
                || plan?.steps[attempt.intent.step].commandClass != .observe
        }.map(\.intent)
    }
}

extension Undoing.Ending {
    /// Whether something is not as the snapshot says.
    package var isFailure: Bool {
        switch self {
        case .restored, .alreadyThere, .nothingToRestore: false
        case .refused, .notRestored: true
        }
    }

    /// Whether nothing was run for it.
    package var isUntouched: Bool {
        switch self {
        case .alreadyThere, .nothingToRestore, .refused: true
        case .restored, .notRestored: false
        }
    }

    /// For people.
    package var sentence: String {
        func names(_ fields: [SnapshotField]) -> String { fields.map(\.rawValue).joined(separator: ", ") }
        return switch self {
        case .restored(let fields): "\(names(fields)) as before, for \(Int(UndoTiming.stabilityWindow)) s"
        case .alreadyThere(let fields): "\(names(fields)) as before without anything being done"
        case .nothingToRestore(let reason): reason
        case .refused(let reason): "not taken back: \(reason)"
        case .notRestored(let fields): "\(names(fields)) not as before"
        }
    }
}
