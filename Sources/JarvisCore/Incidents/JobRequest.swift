// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// A piece of work to be done durably, as the engine asks for it.
package struct JobRequest: Sendable, Codable, Equatable {
    /// The kinds of work; each is one file of the runtime.
    package enum Work: Sendable, Codable, Equatable {
        /// Turn a stored delivery into alerts and incidents.
        case intake(DeliveryID)
        /// Find a plan for an incident.
        case diagnose(IncidentID)
        /// Run the step that the incident stands at.
        case act(IncidentID)
        /// Take one round of observations.
        case observe(IncidentID, round: Int)
        /// Tell the host that the change of this incident stays.
        case confirm(IncidentID)
        /// Take back the step that the undo of this incident stands at, or look whether it is taken back.
        case undo(IncidentID, round: Int)
        /// End the wait for a decision on one plan.
        ///
        /// It names the time, so that a question asked twice has two ends.
        case expireApproval(IncidentID, planHash: String, expiresAt: Date)
        /// Ask Alertmanager for the next change of the incident's silences, or what became of the last one.
        case silence(IncidentID)

        /// The kind's name in the queue, logs and metrics.
        package var kind: String {
            switch self {
            case .intake: Self.intakeKind
            case .diagnose: "diagnose"
            case .act: "act"
            case .observe: "observe"
            case .confirm: "confirm"
            case .undo: "undo"
            case .expireApproval: "expireApproval"
            case .silence: "silence"
            }
        }

        /// The kind of what turns deliveries into alerts and incidents.
        package static let intakeKind = "intake"

        /// The kinds that wait only for their turn, or out of politeness: nothing is wrong when they run early.
        ///
        /// Not an observation, nor an undo: what is seen before a host has surely ended a step is not its effect. Not the end of an
        /// approval: that is a date. A silence has its own time in its incident, and a look before the request must
        /// have ended is put off.
        package static let kindsThatMayComeEarly: Set = [intakeKind, "diagnose", "act", "confirm", "silence"]

        /// The id of the incident or delivery that it is about.
        package var subject: String {
            switch self {
            case .intake(let delivery): delivery.description
            case .diagnose(let incident), .act(let incident), .observe(let incident, _), .confirm(let incident),
                .undo(let incident, _), .expireApproval(let incident, _, _), .silence(let incident):
                incident.description
            }
        }
    }

    /// What is to be done.
    package let work: Work
    /// Not before this time.
    package let dueAt: Date
    /// Lower goes first: 0 critical, 1 warning, 2 the rest.
    package let priority: Int
    /// The host whose work must not take every worker; empty: none.
    package let lane: String

    /// Asks for work.
    package init(_ work: Work, dueAt: Date, priority: Int = 1, lane: String = "") {
        self.work = work
        self.lane = lane
        self.dueAt = dueAt
        self.priority = priority
    }
}
