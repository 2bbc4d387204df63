// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
package import FoundationEssentials

/// One record of the audit log: what was done or decided, on whose word, and why.
///
/// It holds whole numbers and texts only, so that every version of Jarvis writes the same value in the same way. Once
/// it is stored, its text counts and is never made again.
package struct AuditRecord: Sendable, Codable, Equatable {
    /// What a record is about.
    package enum Event: String, Sendable, Codable, CaseIterable {
        /// A step is about to run.
        case intent
        /// It ended, or may have.
        case receipt
        /// A host was asked to keep a change that it would take back by itself.
        case confirmation
        /// A person decided about a plan.
        case decision
        /// A person placed a hold.
        case hold
        /// A person lifted one.
        case lift
        /// A person decided a level of autonomy.
        case autonomy
        /// A person's decisions about autonomy were forgotten.
        case reset
        /// A person put the store back to a backup.
        case restore
        /// A person had a job that was given up tried again.
        case retry
        /// A person dropped a job that was given up.
        case drop
        /// What came of starting the database that the store is in, found out while it was away.
        case storeRepair
        /// A person wants alerts of an incident silenced, or that to end.
        case silence
        /// A person wants what was done for an incident to be taken back.
        case undo
    }

    /// When, as RFC 3339 in UTC.
    package let at: String
    /// What it is about.
    package let event: Event
    /// On whose word.
    package let actor: AuditActor
    /// The incident.
    package var incident: IncidentID?
    /// The intent that the record is, or belongs to.
    package var intent: IntentID?
    /// The intent of the step that it takes back.
    package var undoes: IntentID?
    /// The host; nil in a decision that is about all.
    package var host: HostName?
    /// What was acted on.
    package var target: Target?
    /// The typed action.
    package var action: Action.Name?
    /// Number of the step in its plan, from 1.
    package var step: Int?
    /// The exact text that is sent.
    package var command: String?
    /// The exact call of a service's API.
    package var call: String?
    /// The exact text that the host runs by itself unless it is told not to.
    package var revert: String?
    /// The riskiest class of what runs, or the highest that a decision lets run.
    package var commandClass: CommandClass?
    /// The pattern.
    package var pattern: String?
    /// Why: the plan's reason, a person's words, or what kept a step from ending.
    package var why: String?
    /// SHA-256 of the plan.
    package var plan: String?
    /// What a person decided about it.
    package var decision: Approval.Decision?
    /// The kind of hold.
    package var mode: Hold.Mode?
    /// When the hold or the silence ends by itself; nil in a wish to end one.
    package var until: String?
    /// The level of autonomy.
    package var level: Autonomy?
    /// How many decisions were forgotten.
    package var count: Int?
    /// The number of the job that was retried or dropped.
    package var job: Int64?
    /// How the run ended: `exited`, `notStarted`, `timedOut` or `unknown`; of a call: `done`, `found` (its answer was
    /// lost), `refused`, `notDone` or `unknown`.
    package var ending: String?
    /// The exit status.
    package var exitStatus: Int32?
    /// What a repair of the store came to.
    package var verdict: Verdict?
    /// How long it took.
    package var milliseconds: Int?
    /// SHA-256 of standard output as Jarvis keeps it, secrets taken out; nil: there was none.
    package var outputDigest: String?
    /// SHA-256 of standard error as Jarvis keeps it; nil: there was none.
    package var errorDigest: String?

    private enum CodingKeys: String, CodingKey {
        case at, event, actor, incident, intent, undoes, host, target, action, step, command, call, revert, pattern,
            why,
            plan
        case decision, mode, until, level, count, job, ending, exitStatus, verdict, milliseconds, outputDigest
        case errorDigest
        case commandClass = "class"
    }

    /// Begins a record.
    package init(_ event: Event, by actor: AuditActor, at time: Date) {
        at = RFC3339.format(time)
        self.event = event
        self.actor = actor
    }

    /// The text that is stored and hashed: JSON with sorted keys, on one line.
    package func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
