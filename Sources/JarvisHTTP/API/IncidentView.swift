// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
package import FoundationEssentials
package import JarvisCore

/// An incident as the API shows it.
package struct IncidentView: Codable, Sendable, Equatable {
    /// The plan, with what a person needs in order to decide.
    package struct PlanView: Codable, Sendable, Equatable {
        /// What a decision must name; nil when no decision is waited for.
        package let hash: String?
        /// When it can no longer be decided.
        package let expiresAt: Date?
        /// The pattern it comes from.
        package let pattern: String
        /// Its class.
        package let commandClass: CommandClass
        /// How sure the pattern is.
        package let confidence: Double
        /// Why.
        package let reason: String
        /// The exact text of every step.
        package let steps: [String]
        /// What the hosts run on their own after a step, unless it is confirmed.
        package let reverts: [String]?
        /// What may run after a step to take it back, should it make things worse.
        package let undos: [String]?
    }

    /// How and why it ended.
    package struct ClosingView: Codable, Sendable, Equatable {
        /// How it ended.
        package let outcome: Outcome
        /// The verdict it rests on.
        package let verdict: Verdict?
        /// One sentence.
        package let reason: String
        /// When.
        package let at: Date
    }

    /// An ending that did not hold.
    package struct WithdrawalView: Codable, Sendable, Equatable {
        /// When it was withdrawn, because an alert came back.
        package let at: Date
        /// When it had ended.
        package let endedAt: Date
        /// The pattern whose plan was credited.
        package let pattern: String?
        /// What the verdict had rested on.
        package let reason: String
    }

    /// Its identity.
    package let id: IncidentID
    /// The name of its first alert.
    package let title: String
    /// What it is about.
    package let target: Target?
    /// Where it is in its life.
    package let phase: String
    /// When it was opened.
    package let openedAt: Date
    /// When the first alert began, by its source.
    package let startsAt: Date?
    /// Whether an alert of it still fires.
    package let isFiring: Bool
    /// The labels of its alerts.
    package let alerts: [LabelSet]
    /// Its plan.
    package let plan: PlanView?
    /// Its end.
    package let closing: ClosingView?
    /// The signals that were measured before anything was changed.
    package let baseline: [Signal]
    /// How many steps were begun.
    package let attempts: Int
    /// Its endings as `fixed` that did not hold, oldest first; nil: none.
    package let withdrawn: [WithdrawalView]?
    /// What was asked of Alertmanager for its alerts, oldest first.
    package let silences: [SilenceView]

    /// Shows an incident as it is at a time.
    package init(_ incident: Incident, at now: Date) {
        id = incident.id
        title = incident.title
        target = incident.target
        phase = incident.phase.name
        openedAt = incident.openedAt
        startsAt = incident.members.first?.alert.startsAt
        isFiring = incident.isFiring
        alerts = incident.members.map(\.alert.labels)
        var approval: Approval?
        if case .awaitingApproval(let waiting) = incident.phase { approval = waiting }
        plan = incident.plan.map { plan in
            PlanView(
                hash: approval?.planHash, expiresAt: approval?.expiresAt, pattern: plan.pattern,
                commandClass: plan.commandClass, confidence: plan.confidence, reason: plan.reason,
                steps: plan.steps.map(\.canonical), reverts: plan.steps.compactMap(\.revert),
                undos: plan.steps.compactMap { $0.undo.map { "\($0.canonical) (\($0.commandClass.rawValue))" } })
        }
        if case .closed(let end) = incident.phase {
            closing = ClosingView(outcome: end.outcome, verdict: end.verdict, reason: end.reason, at: end.at)
        } else {
            closing = nil
        }
        baseline = incident.baseline
        attempts = incident.attempts.count
        let views = incident.withdrawals.map { withdrawal in
            WithdrawalView(
                at: withdrawal.at, endedAt: withdrawal.closing.at, pattern: withdrawal.pattern,
                reason: withdrawal.closing.reason)
        }
        withdrawn = views.isEmpty ? nil : views
        silences = incident.silences.map { SilenceView($0, at: now) }
    }
}

/// A decision as the API takes it.
package struct DecisionRequest: Codable, Sendable, Equatable {
    /// What is decided.
    package let decision: Approval.Decision
    /// The plan it is about.
    package let planHash: String

    /// Decides.
    package init(decision: Approval.Decision, planHash: String) {
        self.decision = decision
        self.planHash = planHash
    }
}
