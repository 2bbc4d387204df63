// SPDX-License-Identifier: Apache-2.0

package import JarvisCore

/// Finds out whether a login can run what Jarvis sends: a shell of the sh family, and `timeout` that knows `-k`.
package struct LoginShellCheck: Sendable {
    /// What was found.
    package enum Finding: Sendable, Equatable {
        /// It can. `shell` is the login shell's path.
        case usable(shell: String)
        /// It can't; the sentence says why and what to do.
        case refused(String)
        /// It could not be found out.
        case unreachable(String)
    }

    private let connections: SSHConnections

    /// Uses sessions of these connections, whose `run()` must be running.
    package init(connections: SSHConnections) { self.connections = connections }

    /// Runs two fixed lines on the host; changes nothing there, whatever its shell is.
    package func check(_ host: HostName, _ endpoint: SSHEndpoint) async -> Finding {
        do throws(SessionRefusal) {
            return try await connections.withSession(on: host, endpoint) { session in
                do throws(Unanswered) {
                    // Alone, because a foreign shell refuses the second line as a whole.
                    let name = try await Self.ask(Self.nameProbe, session)
                    return Self.judge(name + "\n" + (try await Self.ask(Self.behaviourProbe, session)))
                } catch {
                    return .unreachable(error.reason)
                }
            }
        } catch {
            return .unreachable(error.reason)
        }
    }

    private struct Unanswered: Error { let reason: String }

    private static func ask(_ probe: String, _ session: SSHSession) async throws(Unanswered) -> String {
        let noSession = "jarvis-no-session \(randomHexadecimal(bytes: 16))"
        let child = session.client.session(probe, noSession: noSession)
        guard let result = try? await child.run(deadline: .seconds(10)) else {
            throw Unanswered(reason: "the SSH client did not start")
        }
        if result.ending == .deadlinePassed || result.ending == .cancelled {
            throw Unanswered(reason: "the host did not answer in time")
        }
        if result.standardError.contains(noSession) {
            throw Unanswered(reason: "the connection was lost before the question was sent")
        }
        return result.standardOutput
    }

    static func judge(_ output: String) -> Finding {
        switch LoginShell(probeOutput: output) {
        case .refused(let sentence): .refused(sentence)
        case .accepted(let path):
            if output.split(whereSeparator: \.isNewline).contains("jarvis-timeout=0") {
                .usable(shell: path)
            } else {
                .refused("the host has no `timeout` that knows `-k`; install coreutils, or BusyBox 1.34 or newer")
            }
        }
    }

    /// Means the same in every known shell.
    static let nameProbe = "echo jarvis-shell=$SHELL"

    /// Only a POSIX shell gives all four answers.
    static let behaviourProbe =
        #"echo "jarvis-flags=$-"; printf 'jarvis-quote=%s\n' 'it'\''s'; echo "jarvis-arithmetic=$((3+4))"; "#
        + #"timeout -k 1 5 true; echo "jarvis-timeout=$?""#
}
