// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FoundationEssentials
import JarvisCore

/// What the audit log is told of an incident: what was decided, and what ran.
extension IncidentMachine {
    func auditIntent(_ intent: Intent, _ plan: Plan, _ incident: Incident, _ now: Date) -> AuditRecord {
        var record = AuditRecord(.intent, by: incident.decider, at: now)
        record.concern(intent, of: incident)
        record.commandClass = plan.steps[intent.step].commandClass
        record.revert = intent.revert?.canonical
        record.pattern = plan.pattern
        record.why = plan.reason
        record.plan = plan.hash(rules.digest)
        return record
    }

    func auditUndo(by person: String, _ incident: Incident, _ now: Date) -> AuditRecord {
        var record = AuditRecord(.undo, by: .person(person), at: now)
        record.incident = incident.id
        record.host = incident.target?.host
        record.target = incident.target
        record.pattern = incident.plan?.pattern
        return record
    }

    func auditUndoIntent(_ intent: Intent, _ undoing: Undoing, _ incident: Incident, _ now: Date) -> AuditRecord {
        var record = AuditRecord(.intent, by: undoing.decider ?? incident.decider, at: now)
        record.concern(intent, of: incident)
        record.undoes = intent.undoes
        record.pattern = incident.plan?.pattern
        record.why = undoing.reason
        return record
    }

    func auditUndoReceipt(
        _ receipt: Receipt, of intent: Intent, _ undoing: Undoing, _ incident: Incident, _ now: Date
    ) -> AuditRecord {
        var record = AuditRecord(.receipt, by: undoing.decider ?? incident.decider, at: now)
        record.concern(intent, of: incident)
        record.undoes = intent.undoes
        record.end(receipt, rules.digest)
        return record
    }

    func auditReceipt(_ receipt: Receipt, of intent: Intent, _ incident: Incident, _ now: Date) -> AuditRecord {
        var record = AuditRecord(.receipt, by: incident.decider, at: now)
        record.concern(intent, of: incident)
        record.end(receipt, rules.digest)
        return record
    }

    func auditConfirmation(
        _ receipt: Receipt, of revert: TimedRevert, _ incident: Incident, _ now: Date
    ) -> AuditRecord {
        var record = AuditRecord(.confirmation, by: incident.decider, at: now)
        if let intent = incident.attempts.last?.intent { record.concern(intent, of: incident) }
        // The step does not run again: the host is told to forget what would take it back.
        record.command = nil
        record.revert = revert.canonical
        record.end(receipt, rules.digest)
        return record
    }

    func auditDecision(
        _ decision: Approval.Decision, _ plan: Plan, _ planHash: String, _ person: String, _ incident: Incident,
        _ now: Date
    ) -> AuditRecord {
        var record = AuditRecord(.decision, by: .person(person), at: now)
        record.incident = incident.id
        record.host = plan.target.host
        record.target = plan.target
        record.commandClass = plan.commandClass
        record.pattern = plan.pattern
        record.why = plan.reason
        record.plan = planHash
        record.decision = decision
        return record
    }
}

extension Incident {
    /// On whose word its steps run.
    fileprivate var decider: AuditActor {
        // An approval of before there was an audit log has no name.
        approvedUntil == nil ? .jarvis : .person(approvedBy)
    }
}

extension Undoing {
    /// The person on whose word steps are taken back; nil: on that on which they were done.
    fileprivate var decider: AuditActor? {
        if case .asked(let person) = cause { .person(person) } else { nil }
    }
}

extension AuditRecord {
    fileprivate mutating func concern(_ intent: Intent, of incident: Incident) {
        self.incident = incident.id
        self.intent = intent.id
        host = intent.action.target.host
        target = intent.action.target
        action = intent.action.name
        step = intent.step + 1
        command = intent.canonical
    }

    /// What came back from running it.
    mutating func end(_ receipt: Receipt, _ digest: (String) -> String) {
        switch receipt.ending {
        case .exited(let status):
            ending = "exited"
            exitStatus = status
        case .notStarted(let reason):
            ending = "notStarted"
            why = reason
        case .timedOut: ending = "timedOut"
        case .unknown(let reason):
            ending = "unknown"
            why = reason
        }
        milliseconds = Int(exactly: (receipt.seconds * 1000).rounded())
        outputDigest = receipt.standardOutput.verbatim.isEmpty ? nil : digest(receipt.standardOutput.verbatim)
        errorDigest = receipt.standardError.verbatim.isEmpty ? nil : digest(receipt.standardError.verbatim)
    }
}
