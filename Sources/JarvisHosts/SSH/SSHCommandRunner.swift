// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
package import JarvisCore

/// Runs judged commands on hosts over SSH.
package struct SSHCommandRunner: CommandRunner {
    private let connections: SSHConnections

    /// Uses sessions of these connections, whose `run()` must be running.
    package init(connections: SSHConnections) { self.connections = connections }

    /// Sends the command's envelope as the one command of a session; see `CommandRunner.run`.
    ///
    /// Waiting for a session and the connection takes at most `SSHSettings.startLimit`, which comes before the run's
    /// own deadline. Declared services are not started over SSH.
    package func run(_ step: JudgedStep, on host: Host, _ run: RunContext) async -> Receipt {
        guard case .ssh(let endpoint) = host.connection else {
            return Receipt(ending: .notStarted(reason: "\(host.name) is not reached over SSH"))
        }
        guard case .command(let command) = step else {
            return Receipt(ending: .notStarted(reason: "declared services run on the local host only, for now"))
        }
        do throws(SessionRefusal) {
            let enveloped = try EnvelopedRun(command, run)
            return try await connections.withSession(on: host.name, endpoint) { session in
                await Self.run(enveloped, in: session)
            }
        } catch {
            return Receipt(ending: .notStarted(reason: error.reason))
        }
    }

    private static func run(_ run: EnvelopedRun, in session: SSHSession) async -> Receipt {
        guard !Task.isCancelled else {
            return Receipt(ending: .notStarted(reason: "it was cancelled before it was sent"))
        }
        let child = session.client.session(run.line, noSession: run.noSession)
        let began = ContinuousClock.now
        do throws(SpawnError) {
            let result = try await child.run(deadline: run.localDeadline)
            let receipt = run.receipt(result, took: .now - began)
            switch receipt.ending {
            case .unknown, .notStarted: session.suspect()
            case .exited, .timedOut: break
            }
            return receipt
        } catch {
            return Receipt(ending: .notStarted(reason: "the SSH client: \(error)"))
        }
    }
}
