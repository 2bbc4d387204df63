// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// The state of taking steps back, newest first, each proven before the next.
package struct Undoing: Sendable, Codable, Equatable {
    /// Why they are taken back.
    package enum Cause: Sendable, Codable, Equatable {
        /// Something that was measured good before the change is bad after it.
        case worsened
        /// A later step of the plan failed.
        case failedPlan
        /// A person asked for it.
        case asked(by: String)
    }

    /// What became of one step.
    package enum Ending: Sendable, Codable, Equatable {
        /// These fields are again what the snapshot says, and stayed so.
        case restored([SnapshotField])
        /// They were so already; nothing was run.
        case alreadyThere([SnapshotField])
        /// The step leaves nothing that could be put back; and why.
        case nothingToRestore(String)
        /// It was not tried; and why.
        case refused(String)
        /// These fields are still not what the snapshot says.
        case notRestored([SnapshotField])
    }

    /// One step that was seen to.
    package struct Result: Sendable, Codable, Equatable {
        /// The step's intent.
        package let intent: IntentID
        /// What the step had done.
        package let action: Action
        /// What became of taking it back.
        package let ending: Ending

        /// Records what became of a step.
        package init(intent: IntentID, action: Action, ending: Ending) {
            self.intent = intent
            self.action = action
            self.ending = ending
        }
    }

    /// Why they are taken back.
    package let cause: Cause
    /// The verdict that led to it; nil: none did.
    package let verdict: Verdict?
    /// How the incident would end, or had ended, without it; a sentence for a person.
    package let reason: String
    /// Since when it was to be done; nothing more is begun when that was too long ago.
    package let since: Date
    /// What is left behind by a step that can't be taken back, as a sentence; nil: nothing is.
    package let remainder: String?
    /// How the incident had ended before a person asked for it; nil: it had not, or nobody did.
    package let earlier: Closing?
    /// Intents of the steps still to be taken back; the first one is worked on.
    package var remaining: [Intent]
    /// The command that takes it back, once its intent is durable.
    package var attempt: Incident.Attempt?
    /// How often such a command was certainly not started.
    package var failures: Int
    /// The fields that are compared.
    package var fields: [SnapshotField]
    /// Since when they have been what the snapshot says; nil: they are not.
    package var goodSince: Date?
    /// When they must be so at the latest.
    package var deadline: Date?
    /// Number of the job that works on it, from 0.
    package var round: Int
    /// What became of the others, in the order in which they were seen to.
    package var results: [Result]

    /// Begins to take steps back.
    package init(
        cause: Cause, verdict: Verdict?, reason: String, since: Date, remainder: String? = nil,
        earlier: Closing? = nil, remaining: [Intent]
    ) {
        self.cause = cause
        self.since = since
        self.remainder = remainder
        self.earlier = earlier
        self.verdict = verdict
        self.reason = reason
        self.remaining = remaining
        failures = 0
        fields = []
        round = 0
        results = []
    }
}
