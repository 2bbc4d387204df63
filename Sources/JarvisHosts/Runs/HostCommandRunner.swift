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
}
