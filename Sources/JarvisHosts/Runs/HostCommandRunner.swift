// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
import FaultPoints
package import JarvisCore

/// Runs a step where its host is: here or over SSH.
///
/// Every command to a host passes here, and none whose paths lead to what the policy refuses. Every receipt that leaves
/// this target passes here, and no secret passes with it.
package struct HostCommandRunner: CommandRunner {
    private let local: LocalCommandRunner
    private let ssh: SSHCommandRunner
    private let paths: PathCheck
    private let redactor: Redactor

    /// Joins the two ways to reach a host; `policy` judges commands whose paths lead through symbolic links.
    package init(local: LocalCommandRunner, ssh: SSHCommandRunner, policy: Policy, redactor: Redactor) {
        self.local = local
        self.ssh = ssh
        paths = PathCheck(policy: policy)
        self.redactor = redactor
    }

    /// Hands the step to the runner for the host's connection; see `CommandRunner.run`.
    ///
    /// A command with paths is preceded by the question where they lead, and begins at most ten seconds later for it.
    /// One that is refused for the answer, or for want of one, certainly never began.
    package func run(_ step: JudgedStep, on host: Host, _ run: RunContext) async -> Receipt {
        if case .command(let command) = step {
            let reason = await paths.refusal(
                of: command, isGuarded: host.isGuarded, deadlineSeconds: run.deadlineSeconds
            ) { question, seconds in
                let context = RunContext(fencingToken: run.fencingToken, deadlineSeconds: seconds)
                return await send(.command(question), to: host, context)
            }
            FaultPoint.passes("host.paths.after")
            if let reason { return redactor.redact(Receipt(ending: .notStarted(reason: reason))) }
        }
        return redactor.redact(await send(step, to: host, run))
    }

    private func send(_ step: JudgedStep, to host: Host, _ run: RunContext) async -> Receipt {
        switch host.connection {
        case .local: await local.run(step, on: host, run)
        case .ssh: await ssh.run(step, on: host, run)
        }
    }

    /// Arms a timed revert on a guarded host; see `CommandRunner.arm`.
    package func arm(_ revert: JudgedCommand, after seconds: Int, on host: Host, _ run: RunContext) async -> Receipt {
        redactor.redact(await ssh.arm(revert, after: seconds, on: host, run))
    }

    /// Takes a timed revert back; see `CommandRunner.confirm`.
    package func confirm(on host: Host, _ run: RunContext) async -> Receipt {
        redactor.redact(await ssh.confirm(on: host, run))
    }
}
