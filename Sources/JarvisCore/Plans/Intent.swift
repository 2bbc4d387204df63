// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// The durable record that a step is about to run; written before the command starts.
///
/// An intent without receipt after a crash means *unknown*: the step is never run again because of it.
package struct Intent: Sendable, Codable, Equatable {
    /// Identity of this attempt.
    package let id: IntentID
    /// The incident it belongs to.
    package let incident: IncidentID
    /// Index of the step in the plan, from 0.
    package let step: Int
    /// What is done.
    package let action: Action
    /// The judged text that is sent.
    package let canonical: String
    /// Fence of the claim under which it runs.
    package let fencingToken: UInt64
    /// When it was written, by Jarvis' clock.
    package let recordedAt: Date
    /// Seconds after which the host ends the command by itself, grace included.
    package let remoteDeadlineSeconds: Int
    /// What the host was asked to do on its own before the step was begun; nil: nothing.
    package let revert: TimedRevert?
    /// The step that it takes back; nil: it is a step of the plan.
    package let undoes: IntentID?

    /// Records an intent.
    package init(
        id: IntentID, incident: IncidentID, step: Int, action: Action, canonical: String, fencingToken: UInt64,
        recordedAt: Date, remoteDeadlineSeconds: Int, revert: TimedRevert? = nil, undoes: IntentID? = nil
    ) {
        self.id = id
        self.incident = incident
        self.step = step
        self.action = action
        self.canonical = canonical
        self.fencingToken = fencingToken
        self.recordedAt = recordedAt
        self.remoteDeadlineSeconds = remoteDeadlineSeconds
        self.revert = revert
        self.undoes = undoes
    }
}

/// A command that the guard of a host runs when its time is over, unless Jarvis came back and confirmed the change.
package struct TimedRevert: Sendable, Codable, Equatable {
    /// The intent under which it is armed and confirmed; another one than that of the step.
    package let id: IntentID
    /// The judged text that the host runs.
    package let canonical: String
    /// Seconds that the host waits.
    package let seconds: Int
    /// Before this the host does not begin it, by Jarvis' clock.
    package let earliest: Date
    /// After this it has begun it, by Jarvis' clock, unless the host was down.
    package let latest: Date

    /// Records a timed revert.
    package init(id: IntentID, canonical: String, seconds: Int, earliest: Date, latest: Date) {
        self.id = id
        self.canonical = canonical
        self.seconds = seconds
        self.earliest = earliest
        self.latest = latest
    }
}

/// What came back from running a step; written after it ended.
package struct Receipt: Sendable, Codable, Equatable {
    /// How a run ended.
    ///
    /// An exit status is a result and proves nothing about the repair.
    package enum Ending: Sendable, Codable, Equatable {
        /// The command ended with this status.
        case exited(status: Int32)
        /// The command certainly never began.
        case notStarted(reason: String)
        /// The host ended it at its deadline.
        case timedOut
        /// It may or may not have happened: the connection or this process was lost.
        case unknown(reason: String)
    }

    /// How it ended.
    package let ending: Ending
    /// Head and tail of standard output, bounded.
    package let standardOutput: UntrustedText
    /// Head and tail of standard error without the envelope's marks, bounded.
    package let standardError: UntrustedText
    /// The host's clock just before the command, seconds since 1970; nil: not known.
    package let hostBeganAt: Int64?
    /// Seconds the run took, by Jarvis' clock.
    package let seconds: Double

    /// How it ended, as one sentence for a person.
    package var sentence: String {
        switch ending {
        case .exited(0): "exit status 0"
        case .exited(let status): "exit status \(status), \(standardError.display())"
        case .notStarted(let reason), .unknown(let reason): UntrustedText(reason).display()
        case .timedOut: "the host ended it at its deadline"
        }
    }

    /// Records a receipt.
    package init(
        ending: Ending, standardOutput: String = "", standardError: String = "", hostBeganAt: Int64? = nil,
        seconds: Double = 0
    ) {
        self.ending = ending
        self.standardOutput = UntrustedText(standardOutput)
        self.standardError = UntrustedText(standardError)
        self.hostBeganAt = hostBeganAt
        self.seconds = seconds
    }
}
