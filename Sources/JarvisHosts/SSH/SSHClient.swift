// SPDX-License-Identifier: Apache-2.0

import JarvisCore

/// The command lines of the OpenSSH client for one host.
struct SSHClient: Sendable {
    let settings: SSHSettings
    let endpoint: SSHEndpoint
    let names: SSHFileNames

    /// Runs the master in the foreground until the connection ends; returns why it did, for a person.
    func master() async -> String {
        let child = client(["-F", names.configuration], ["-M", "-N", "-T", "--", endpoint.address])
        do throws(SpawnError) {
            let result = try await child.run()
            switch result.ending {
            case .cancelled, .deadlinePassed: return "the connection was closed by Jarvis"
            case .exited, .signalled: return SSHFailure(standardError: result.standardError).description
            }
        } catch {
            return "the SSH client: \(error)"
        }
    }

    /// Asks the master behind a socket (`check`, `exit`); true when it did it within two seconds.
    func control(_ operation: String) async -> Bool {
        let child = client(Self.onlyThroughMaster, ["-O", operation, "--", endpoint.address])
        return (try? await child.run(deadline: .seconds(2)))?.ending == .exited(0)
    }

    /// A session on the connection that runs `line` in the host's login shell.
    ///
    /// When the client gets no session it would fall back to a connection of its own. Its proxy command makes that
    /// impossible, and leaves a proof that it was tried: `noSession` on standard error. Descriptor 3 keeps the pipe to
    /// the client open until that is written; else the client could end, and its group with it, before.
    func session(_ line: String, noSession: String) -> ChildProcess {
        client(
            Self.onlyThroughMaster + ["-o", "ProxyCommand=echo \(noSession) 3>&1 >&2"],
            ["-T", "--", endpoint.address, line])
    }

    /// Who only talks to a master needs no configuration: where to and as whom is settled.
    private static let onlyThroughMaster = ["-F", "none", "-e", "none", "-o", "BatchMode=yes", "-o", "LogLevel=ERROR"]

    private func client(_ configuration: [String], _ arguments: [String]) -> ChildProcess {
        ChildProcess(
            executable: settings.program, arguments: configuration + ["-S", names.socket] + arguments,
            environment: settings.environment)
    }
}
