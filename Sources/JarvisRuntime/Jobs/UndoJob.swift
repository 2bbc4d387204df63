// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FaultPoints
import FoundationEssentials
import JarvisCore
import JarvisEngine
import Logging

/// Takes the step back that an undo stands at, at most once, or looks whether it is taken back.
///
/// As with a step of a plan the intent is durable before the command starts, and an intent without receipt of a claim
/// that is held no more is never run again: what is there then is compared with the snapshot.
struct UndoJob {
    /// As for a step of a plan (`ActJob`).
    private static let grace = 35
    private static let deadline = 120

    let context: JobContext

    func run(_ id: IncidentID, round: Int, _ claim: JobClaim) async throws {
        guard let incident = try await context.store.incident(id), case .undoing(let undoing) = incident.phase,
            undoing.round == round, let step = undoing.remaining.first
        else { throw EventRefusal.stale }
        guard let attempt = undoing.attempt else { return try await begin(step, undoing, incident, claim) }
        guard attempt.receipt != nil else {
            guard try await !context.store.isHeld(attempt.intent.fencingToken) else { throw EventRefusal.stale }
            FaultPoint.passes("undo.interrupted")
            let receipt = Receipt(ending: .unknown(reason: "Jarvis was interrupted while the step was taken back"))
            return try await record(receipt, of: attempt.intent.id, id, claim)
        }
        try await compare(step, attempt.intent, undoing, id, claim)
    }

    /// Looks what there is to put back, and runs what does so.
    private func begin(_ step: Intent, _ undoing: Undoing, _ incident: Incident, _ claim: JobClaim) async throws {
        do {
            switch try await decide(step, undoing, incident, claim) {
            case .settled(let ending):
                try await context.ledger.apply(.undoSettled(of: step.id, ending), to: incident.id) {
                    $0.completing = claim
                }
            case .run(let command, let host, let fields):
                try await context.checkOccupation(command, of: step.action, on: host, claim)
                try await act(command, on: host, restoring: fields, step, incident.id, claim)
            }
        } catch StoreError.restrained(let restraint) {
            context.metrics.stepRestrained(restraint)
            try await context.ledger.apply(.undoRestrained(of: step.id, restraint), to: incident.id) {
                $0.completing = claim
            }
        }
    }

    private enum Decision {
        case settled(Undoing.Ending)
        case run(JudgedStep, Host, [SnapshotField])
    }

    private func decide(
        _ step: Intent, _ undoing: Undoing, _ incident: Incident, _ claim: JobClaim
    ) async throws -> Decision {
        let fields: [SnapshotField]
        switch Restoration.scope(of: step.action) {
        case .restores(let restored): fields = restored
        case .nothingToRestore(let reason): return .settled(.nothingToRestore(reason))
        case .impossible(let reason): return .settled(.refused(reason))
        }
        let target = step.action.target
        guard let host = context.rules.inventory.hosts[target.host],
            host.endpointText == incident.plan?.endpoint || target.host != incident.plan?.target.host
        else { return .settled(.refused("its host is reached elsewhere now than when the step ran")) }
        let snapshot: Snapshot
        do {
            snapshot = try await self.snapshot(before: step)
        } catch let fault as SnapshotFault {
            return .settled(.refused(fault.description))
        }
        let current: CapturedState
        do throws(SnapshotFault) {
            current = try await context.camera.state(of: target, fencingToken: claim.token)
        } catch {
            try Task.checkCancellation()
            throw StoreError.restrained(.unseen(host.name, reason: error.description))
        }
        try Task.checkCancellation()
        guard current.fields[.identity].map(context.rules.ownContainers.contains) != true else {
            return .settled(.refused("Jarvis itself runs in \(target)"))
        }
        FaultPoint.passes("undo.look.after")
        switch Restoration.decide(
            fields, of: target, to: snapshot.state, from: current, in: context.rules.inventory,
            under: context.rules.policy)
        {
        case .nothing: return .settled(.alreadyThere(fields))
        case .refused(let reason): return .settled(.refused(reason))
        case .step(let command):
            let decisions = try await context.autonomy.autonomyRules()
            if let obstacle = UndoCoverage.obstacle(
                command, of: step.step, undoing, incident, under: context.rules, decisions)
            {
                return .settled(.refused(obstacle))
            }
            return .run(command, host, fields)
        }
    }

    private func snapshot(before step: Intent) async throws -> Snapshot {
        guard let sealed = try await context.snapshots.snapshot(before: step.id) else {
            throw SnapshotFault("there is no snapshot of before it, or it is too old")
        }
        return try context.sealing.open(sealed)
    }

    private func act(
        _ command: JudgedStep, on host: Host, restoring fields: [SnapshotField], _ step: Intent, _ id: IncidentID,
        _ claim: JobClaim
    ) async throws {
        let intent = Intent(
            id: context.newID(), incident: id, step: step.step,
            action: Action(.command, on: step.action.target), canonical: command.canonical,
            fencingToken: claim.token, recordedAt: context.now(), remoteDeadlineSeconds: Self.deadline + Self.grace,
            undoes: step.id)
        try await context.ledger.apply(.undoIntended(intent, restoring: fields), to: id) { change in
            change.intent = intent
            // What Jarvis did may be taken back however much was done within the hour; holds and other steps count.
            change.blastRadius = context.rules.blastRadius.withoutHourlyLimits
            change.holding = claim
        }
        FaultPoint.passes("undo.intent.durable")
        let receipt = await context.runner.run(
            command, on: host,
            RunContext(
                fencingToken: claim.token, deadlineSeconds: Self.deadline, intent: intent.id,
                isClaimHeld: context.isClaimHeld))
        if FaultPoint.fails("undo.run.after") { throw StoreError.unavailable(reason: "injected") }
        try await record(receipt, of: intent.id, id, claim)
    }

    private func record(_ receipt: Receipt, of intent: IntentID, _ id: IncidentID, _ claim: JobClaim) async throws {
        try await context.ledger.apply(.undoReceived(intent, receipt), to: id) { change in
            change.receipt = (intent: intent, receipt: receipt)
            change.completing = claim
        }
    }

    private func compare(
        _ step: Intent, _ intent: Intent, _ undoing: Undoing, _ id: IncidentID, _ claim: JobClaim
    ) async throws {
        var differing: [SnapshotField]?
        do {
            let snapshot = try await self.snapshot(before: step)
            let current = try await context.camera.state(of: step.action.target, fencingToken: claim.token)
            differing = snapshot.state.differences(from: current, in: undoing.fields)
        } catch let error as SnapshotFault {
            context.logger.notice(
                "the state could not be compared", metadata: ["incident.id": "\(id)", "error": "\(error)"])
        }
        // A look that was cut off by the shutdown saw nothing.
        try Task.checkCancellation()
        try await context.ledger.apply(
            .undoCompared(intent.id, differing: differing, round: undoing.round), to: id
        ) { $0.completing = claim }
    }
}
