// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy

/// The one gate to a host: runs one judged step.
package protocol CommandRunner: Sendable {
    /// Runs `step` on `host` and returns what is known of how it ended; never throws for an exit status.
    ///
    /// It tries once; nothing below retries. It returns at the latest when the run's deadline and grace have passed
    /// plus a few seconds, whatever the host does. `Receipt.Ending.notStarted` is returned only when it is certain
    /// that the command did not begin; every doubt is `unknown`. Cancelling the task ends the wait, not surely the
    /// remote command, and returns `unknown`. A run whose claim is no longer held when it is its turn is `notStarted`.
    /// Output is bounded: head and tail are kept.
    func run(_ step: JudgedStep, on host: Host, _ run: RunContext) async -> Receipt

    /// Has the guard of a host run `revert` after so many seconds, unless the run's intent is confirmed before.
    ///
    /// Exit status 0 says that it is durable there, and that a process waits for it. It takes the place of an armed
    /// revert with the same command, and runs only if a change was run under it (`RunContext.under`): one that is
    /// forgotten does nothing. It is a change of its own, with an intent of its own. On a host without a guard it is
    /// `notStarted`. Otherwise as `run`.
    func arm(_ revert: JudgedCommand, after seconds: Int, on host: Host, _ run: RunContext) async -> Receipt

    /// Takes back the timed revert of the run's intent, over a connection that is made for it.
    ///
    /// Exit status 0 says that the host will not run it, however often that was asked for; another one that it was too
    /// late or never armed. A connection that was open before proves nothing about the way to the host. Otherwise as
    /// `run`.
    func confirm(on host: Host, _ run: RunContext) async -> Receipt
}

/// The circumstances of one run.
package struct RunContext: Sendable {
    /// Fence of the claim under which it runs.
    package let fencingToken: UInt64
    /// Seconds after which the host itself ends the command.
    package let deadlineSeconds: Int
    /// The durable intent behind a change; nil for a command that only looks.
    package let intent: IntentID?
    /// The timed revert that must be armed on the host, or the command does not run; nil: it needs none.
    package let under: IntentID?
    /// Asked last before the command is sent: whether the claim it runs under is still held.
    ///
    /// What lies between this answer and the sending is the window in which a host without a guard may get a command
    /// from a holder that has just lost its claim.
    package let isClaimHeld: @Sendable () -> Bool

    /// Describes a run.
    package init(
        fencingToken: UInt64, deadlineSeconds: Int, intent: IntentID? = nil, under: IntentID? = nil,
        isClaimHeld: @escaping @Sendable () -> Bool = { true }
    ) {
        self.isClaimHeld = isClaimHeld
        self.fencingToken = fencingToken
        self.deadlineSeconds = deadlineSeconds
        self.intent = intent
        self.under = under
    }
}
