// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy

/// The one gate to a host: runs one judged step.
package protocol CommandRunner: Sendable {
    /// Runs `step` on `host` and returns what is known of how it ended; never throws for an exit status.
    ///
    /// It tries once; nothing below retries. It returns at the latest when the run's deadline and grace have passed
    /// plus a few seconds, whatever the host does. `Receipt.Ending.notStarted` is returned only when it is certain
    /// that the command did not begin; every doubt is `unknown`. Cancelling the task ends the wait, not surely the
    /// remote command, and returns `unknown`. Output is bounded: head and tail are kept.
    func run(_ step: JudgedStep, on host: Host, _ run: RunContext) async -> Receipt
}

/// The circumstances of one run.
package struct RunContext: Sendable, Equatable {
    /// Fence of the claim under which it runs.
    package let fencingToken: UInt64
    /// Seconds after which the host itself ends the command.
    package let deadlineSeconds: Int
    /// The durable intent behind a change; nil for a command that only looks.
    package let intent: IntentID?

    /// Describes a run.
    package init(fencingToken: UInt64, deadlineSeconds: Int, intent: IntentID? = nil) {
        self.fencingToken = fencingToken
        self.deadlineSeconds = deadlineSeconds
        self.intent = intent
    }
}
