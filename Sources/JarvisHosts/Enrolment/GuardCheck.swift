// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
package import JarvisCore

/// Finds out whether a guard stands where a login's shell would be: it runs what is signed, and nothing else.
package struct GuardCheck: Sendable {
    /// What was found.
    package enum Finding: Sendable, Equatable {
        /// A signed request ran, an unsigned one did not.
        case guarded
        /// It is not so; the sentence says what to do.
        case refused(String)
        /// It could not be found out.
        case unreachable(String)
    }

    private let connections: SSHConnections
    private let runner: HostCommandRunner

    /// Uses sessions of these connections, whose `run()` must be running, and the gate that signs.
    package init(connections: SSHConnections, runner: HostCommandRunner) {
        self.connections = connections
        self.runner = runner
    }

    /// Sends `id` unsigned, then signed; `identity` is that command as the policy judged it.
    package func check(_ host: Host, _ endpoint: SSHEndpoint, identity: JudgedStep) async -> Finding {
        switch await unsigned(host, endpoint) {
        case .guarded: break
        case let other: return other
        }
        let receipt = await runner.run(identity, on: host, RunContext(fencingToken: 1, deadlineSeconds: 10))
        switch receipt.ending {
        case .exited(0) where receipt.standardOutput.verbatim.hasPrefix("uid="): return .guarded
        case .exited(let status): return .refused("the guard ran a signed command, which ended with status \(status)")
        case .notStarted(let reason): return .refused(reason)
        case .unknown(let reason): return .unreachable(reason)
        case .timedOut: return .unreachable("a signed command did not end in time")
        }
    }

    /// Guarded here only means that the unsigned command was refused as a guard refuses.
    private func unsigned(_ host: Host, _ endpoint: SSHEndpoint) async -> Finding {
        do throws(SessionRefusal) {
            return try await connections.withSession(on: host.name, endpoint) { session in
                let noSession = "jarvis-no-session \(randomHexadecimal(bytes: 16))"
                let child = session.client.session("id", noSession: noSession)
                guard let result = try? await child.run(deadline: .seconds(10)),
                    !result.standardError.contains(noSession)
                else { return .unreachable("the connection was lost before the question was sent") }
                return Self.judge(result)
            }
        } catch {
            return .unreachable(error.reason)
        }
    }

    static func judge(_ result: ChildProcess.Result) -> Finding {
        switch result.ending {
        case .deadlinePassed, .cancelled: return .unreachable("the host did not answer in time")
        case .exited(77) where result.standardOutput.isEmpty && result.standardError.contains("refused: "):
            return .guarded
        case .exited, .signalled:
            return .refused(
                "no guard stands there: an unsigned command was not refused as a guard refuses it; "
                    + "see docs/GUARD.md, or take 'guarded: true' out of the host's configuration")
        }
    }
}
