// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
package import JarvisCore

/// Asks sudo on a host, through Jarvis' own login, whether it would run some commands; runs none of them.
package struct SudoCheck: Sendable {
    private let connections: SSHConnections

    /// Uses sessions of these connections, whose `run()` must be running.
    package init(connections: SSHConnections) { self.connections = connections }

    /// Nil: it would run all; else a sentence with the first that it would not, or why it could not be asked.
    package func check(_ host: HostName, _ endpoint: SSHEndpoint, _ rules: [SudoRule]) async -> String? {
        let questions = rules.enumerated().map { index, rule in
            "sudo -n -l -- \(ShellQuoting.command(rule.words)) >/dev/null 2>&1 || echo jarvis-refused=\(index)"
        }
        let line = (questions + ["echo jarvis-asked"]).joined(separator: "; ")
        do throws(SessionRefusal) {
            return try await connections.withSession(on: host, endpoint) { session in
                let child = session.client.session(line, noSession: "jarvis-no-session")
                guard let result = try? await child.run(deadline: .seconds(30)) else {
                    return "the SSH client did not start"
                }
                return Self.judge(result.standardOutput, rules)
            }
        } catch {
            return error.reason
        }
    }

    static func judge(_ output: String, _ rules: [SudoRule]) -> String? {
        let lines = output.split(whereSeparator: \.isNewline)
        guard lines.contains("jarvis-asked") else { return "the host did not say what sudo would run" }
        let refused = lines.first { $0.hasPrefix("jarvis-refused=") }
        guard let index = refused.flatMap({ Int($0.dropFirst("jarvis-refused=".count)) }), rules.indices.contains(index)
        else { return nil }
        return "sudo would not run: \(rules[index].words.joined(separator: " "))"
    }
}
