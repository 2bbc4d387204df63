// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
package import FoundationEssentials

/// One try to start what the store's own database runs in, as it is kept on this machine meanwhile.
///
/// It is what an intent, its receipt and the verdict are elsewhere: the store that would keep those is away.
package struct StoreRepairAttempt: Sendable, Codable, Equatable {
    /// What was found out about it, for good.
    package struct Conclusion: Sendable, Codable, Equatable {
        /// The verdict; never `worsened`, because nothing was good before.
        package let verdict: Verdict
        /// The facts behind it.
        package let reason: String
        /// When.
        package let at: Date

        /// Concludes.
        package init(_ verdict: Verdict, _ reason: String, at time: Date) {
            self.verdict = verdict
            self.reason = reason
            at = time
        }
    }

    /// Identity of the attempt; a guard accepts it once.
    package let id: IntentID
    /// The epoch that this instance held last.
    package let epoch: UInt64
    /// The typed action.
    package let action: Action
    /// The judged text that is sent.
    package let canonical: String
    /// How much that may change.
    package let commandClass: CommandClass
    /// When it was written, before the command starts, by Jarvis' clock.
    package let recordedAt: Date
    /// Seconds after which the host ends the command by itself, grace included.
    package let remoteDeadlineSeconds: Int
    /// Why it may run.
    package let reason: String
    /// What was seen right before.
    package let baseline: [Signal]
    /// What came back; nil: it runs, or a crash came in between and nobody knows.
    package var receipt: Receipt?
    /// When it came, or when its absence was noticed.
    package var receivedAt: Date?
    /// The verdict; nil: it is still looked at.
    package var conclusion: Conclusion?
    /// Whether the store's audit log has it.
    package var isTold = false

    /// Records an attempt that is about to be made.
    package init(
        id: IntentID, epoch: UInt64, action: Action, canonical: String, commandClass: CommandClass, recordedAt: Date,
        remoteDeadlineSeconds: Int, reason: String, baseline: [Signal]
    ) {
        self.id = id
        self.epoch = epoch
        self.action = action
        self.canonical = canonical
        self.commandClass = commandClass
        self.recordedAt = recordedAt
        self.remoteDeadlineSeconds = remoteDeadlineSeconds
        self.reason = reason
        self.baseline = baseline
    }

    /// When the host has ended the command for certain, by Jarvis' clock.
    package var endsAt: Date { recordedAt.addingTimeInterval(Double(remoteDeadlineSeconds)) }
}
