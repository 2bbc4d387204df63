// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
import FoundationEssentials
package import JarvisCore

extension StoreRepair {
    /// Seconds that the start may begin late, plus those between TERM and KILL on the host, plus a slow network.
    private static let grace = 35

    /// The judged step of a start, and where it runs.
    ///
    /// As for every other step the target must be declared, and the policy may refuse it. A database is protected: any
    /// change of it is `highRisk` and needs a person. The owner's permission is that person's word, given in advance
    /// for this one start; for another action there is none. Throws a sentence for a person.
    package static func step(
        of action: Action, under rules: EngineRules
    ) throws(ActionCatalogue.Refusal) -> (step: JudgedStep, host: Host, remoteDeadlineSeconds: Int) {
        guard action.name == .containerStart || action.name == .unitStart else {
            throw ActionCatalogue.Refusal(reason: "\(action) is no start, and nothing else repairs the store")
        }
        let step = try ActionCatalogue.judge(action, in: rules.inventory, under: rules.policy)
        guard let host = rules.inventory.hosts[action.target.host] else {
            throw ActionCatalogue.Refusal(reason: "host \(action.target.host) is not in the inventory")
        }
        return (step, host, ActionCatalogue.deadlineSeconds(of: action.name) + grace)
    }
}

extension StoreRepairAttempt {
    /// What the audit log is told of it, once it has a verdict: intent, receipt and verdict, each at its own time.
    package func audit(_ digest: (String) -> String) -> [AuditRecord] {
        guard let conclusion else { return [] }
        var intent = record(.intent, at: recordedAt)
        intent.commandClass = commandClass
        intent.why = reason
        var received = record(.receipt, at: receivedAt ?? conclusion.at)
        if let receipt { received.end(receipt, digest) }
        var verdict = record(.storeRepair, at: conclusion.at)
        verdict.verdict = conclusion.verdict
        verdict.why = conclusion.reason
        return [intent, received, verdict]
    }

    private func record(_ event: AuditRecord.Event, at time: Date) -> AuditRecord {
        var record = AuditRecord(event, by: .jarvis, at: time)
        record.intent = id
        record.host = action.target.host
        record.target = action.target
        record.action = action.name
        record.command = canonical
        return record
    }
}
