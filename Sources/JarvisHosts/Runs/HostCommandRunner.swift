// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
package import JarvisCore

/// Runs a step where its host is: here or over SSH.
///
/// Every receipt that leaves this target passes here, and no secret passes with it.
package struct HostCommandRunner: CommandRunner {
    private let local: LocalCommandRunner
    private let ssh: SSHCommandRunner
    private let redactor: Redactor

    /// Joins the two ways to reach a host.
    package init(local: LocalCommandRunner, ssh: SSHCommandRunner, redactor: Redactor) {
        self.local = local
        self.ssh = ssh
        self.redactor = redactor
    }

    /// Hands the step to the runner for the host's connection; see `CommandRunner.run`.
    package func run(_ step: JudgedStep, on host: Host, _ run: RunContext) async -> Receipt {
        let receipt =
            switch host.connection {
            case .local: await local.run(step, on: host, run)
            case .ssh: await ssh.run(step, on: host, run)
            }
        return redactor.redact(receipt)
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
