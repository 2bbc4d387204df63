// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
import FaultPoints
import Glibc
package import JarvisCore

/// Runs judged commands on hosts over SSH.
package struct SSHCommandRunner: CommandRunner {
    private let connections: SSHConnections
    private let signing: GuardSigning?

    /// Uses sessions of these connections, whose `run()` must be running; `signing` is for guarded hosts.
    package init(connections: SSHConnections, signing: GuardSigning? = nil) {
        self.connections = connections
        self.signing = signing
    }

    /// Sends the command's envelope as the one command of a session; see `CommandRunner.run`.
    ///
    /// To a guarded host goes a signed request, and what its guard refuses certainly never began.
    /// Waiting for a session and the connection takes at most `SSHSettings.startLimit`, which comes before the run's
    /// own deadline. Declared services are not started over SSH.
    package func run(_ step: JudgedStep, on host: Host, _ run: RunContext) async -> Receipt {
        guard case .command(let command) = step else {
            return Receipt(ending: .notStarted(reason: "declared services run on the local host only, for now"))
        }
        return await send(to: host, run) { () throws(SessionRefusal) in
            guard host.isGuarded else { return try EnvelopedRun(command, run) }
            return try EnvelopedRun(.run, command, run, on: host.name, signing, now: Int64(time(nil)))
        }
    }

    /// Has a guarded host run `revert` after so many seconds, unless the run's intent is confirmed before.
    ///
    /// Exit status 0 says that a process of the host waits for it. The revert is a change of its own, with an intent of
    /// its own.
    package func arm(_ revert: JudgedCommand, after seconds: Int, on host: Host, _ run: RunContext) async -> Receipt {
        guard host.isGuarded else { return Self.unguarded(host) }
        return await send(to: host, run) { () throws(SessionRefusal) in
            try EnvelopedRun(.arm(seconds: seconds), revert, run, on: host.name, signing, now: Int64(time(nil)))
        }
    }

    /// Takes back the timed revert of the run's intent, over a new connection; see `CommandRunner.confirm`.
    package func confirm(on host: Host, _ run: RunContext) async -> Receipt {
        guard host.isGuarded else { return Self.unguarded(host) }
        return await send(to: host, run, overNewConnection: true) { () throws(SessionRefusal) in
            try EnvelopedRun(.confirm, nil, run, on: host.name, signing, now: Int64(time(nil)))
        }
    }

    private static func unguarded(_ host: Host) -> Receipt {
        Receipt(ending: .notStarted(reason: "\(host.name) has no guard that could take a change back"))
    }

    private func send(
        to host: Host, _ context: RunContext, overNewConnection isNew: Bool = false,
        _ prepare: @Sendable () throws(SessionRefusal) -> EnvelopedRun
    ) async -> Receipt {
        guard case .ssh(let endpoint) = host.connection else {
            return Receipt(ending: .notStarted(reason: "\(host.name) is not reached over SSH"))
        }
        do throws(SessionRefusal) {
            let enveloped = try prepare()
            guard isNew else {
                return try await connections.withSession(on: host.name, endpoint) { session in
                    await Self.run(enveloped, context, in: session)
                }
            }
            return try await connections.withNewConnection(to: host.name, endpoint) { session in
                await Self.run(enveloped, context, in: session)
            }
        } catch {
            return Receipt(ending: .notStarted(reason: error.reason))
        }
    }

    private static func run(_ run: EnvelopedRun, _ context: RunContext, in session: SSHSession) async -> Receipt {
        guard !Task.isCancelled else {
            return Receipt(ending: .notStarted(reason: "it was cancelled before it was sent"))
        }
        let child = session.client.session(run.line, noSession: run.noSession)
        if FaultPoint.fails("ssh.send.before") {
            return Receipt(ending: .notStarted(reason: "injected"))
        }
        guard context.isClaimHeld() else { return .claimLost }
        let began = ContinuousClock.now
        do throws(SpawnError) {
            let result = try await child.run(deadline: run.localDeadline)
            if FaultPoint.fails("ssh.answer.after") { return Receipt(ending: .unknown(reason: "injected")) }
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
