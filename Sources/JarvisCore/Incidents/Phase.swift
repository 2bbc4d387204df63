// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// Where an incident is in its life.
package enum Phase: Sendable, Codable, Equatable {
    /// Looking for the cause and a plan.
    case diagnosing
    /// A plan is ready and a person has been asked.
    case awaitingApproval(Approval)
    /// A step of the plan is about to run or running; the intent is there once it is durable.
    case acting(step: Int, intent: Intent?)
    /// Watching signals until a verdict.
    case verifying(Verification)
    /// The repair is proven, and the host still has to hear that it need not take the change back.
    case confirming(Verification)
    /// Steps are taken back.
    case undoing(Undoing)
    /// Ended.
    case closed(Closing)

    /// The phase's name in timelines, lists and metrics.
    package var name: String {
        switch self {
        case .diagnosing: "diagnosing"
        case .awaitingApproval: "awaitingApproval"
        case .acting: "acting"
        case .verifying: "verifying"
        case .confirming: "confirming"
        case .undoing: "undoing"
        case .closed: "closed"
        }
    }

    /// Whether it ended.
    package var isClosed: Bool {
        if case .closed = self { true } else { false }
    }
}

/// How and why an incident ended.
package struct Closing: Sendable, Codable, Equatable {
    /// How it ended.
    package let outcome: Outcome
    /// The verdict it rests on; nil where nothing was verified.
    package let verdict: Verdict?
    /// One sentence for a person.
    package let reason: String
    /// When.
    package let at: Date

    /// Records an ending.
    package init(outcome: Outcome, verdict: Verdict?, reason: String, at: Date) {
        self.outcome = outcome
        self.verdict = verdict
        self.reason = reason
        self.at = at
    }
}
