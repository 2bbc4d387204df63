// SPDX-License-Identifier: Apache-2.0

import Glibc
package import JarvisCore
package import JarvisHosts
import Logging

/// A real sshd on a port of 127.0.0.1, with keys and files of its own, that lives as long as a closure.
///
/// It runs as an ordinary process of the current user and accepts that user with a fresh key.
package struct LoopbackSSHD: Sendable {
    /// The directory with all its files; removed afterwards.
    package let directory: String
    /// Where it listens.
    package let port: Int
    /// The server's process.
    package let pid: Int32
    /// Its public host key.
    package let hostKey: HostKey

    /// Whether this machine has everything that is needed.
    package static var isInstalled: Bool {
        [server, keyProgram, "/usr/bin/ssh"].allSatisfy { (path: String) in access(path, X_OK) == 0 }
    }

    /// The path of the private key that is accepted.
    package var identityFile: String { "\(directory)/id" }

    /// The file for pinned host keys; empty at first.
    package var knownHostsFile: String { "\(directory)/known_hosts" }

    /// How to log in.
    package func endpoint(maximumSessions: Int = 6) -> SSHEndpoint {
        SSHEndpoint(
            address: "127.0.0.1", port: port, user: Self.user, identityFile: identityFile,
            maximumSessions: maximumSessions)
    }

    /// Settings for connections to it.
    package func settings() -> SSHSettings {
        SSHSettings(
            runtimeDirectory: "\(directory)/run", knownHostsFile: knownHostsFile,
            environment: ChildEnvironment.restricted(from: ["HOME": "\(directory)/home"]))
    }

    /// Runs `body` with a server that is ready.
    ///
    /// `options` are further lines for its configuration, and win; `environment` is what its sessions get besides.
    package static func run<Value: Sendable>(
        options: [String] = [], environment: [String: String] = [:],
        _ body: @escaping @Sendable (LoopbackSSHD) async throws -> Value
    ) async throws -> Value {
        let directory = try makeTemporaryDirectory()
        defer { removeTree(directory) }
        for name in ["host", "id"] {
            try await command(
                keyProgram, ["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", "\(directory)/\(name)"])
        }
        try await command("/bin/cp", ["\(directory)/id.pub", "\(directory)/authorized_keys"])
        guard let line = contents("\(directory)/host.pub"), let hostKey = HostKey(line: "host \(line)") else {
            throw LoopbackError("no host key")
        }
        // As root it wants the directory that its unprivileged part is locked into.
        if geteuid() == 0 { mkdir("/run/sshd", 0o755) }
        for _ in 0..<5 {
            let port = try freePort()
            try write(configuration(directory, port, options, environment), to: "\(directory)/sshd_config")
            let child = ChildProcess(
                executable: server, arguments: ["-D", "-e", "-f", "\(directory)/sshd_config"],
                environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"])
            let outcome = try await withThrowingTaskGroup(of: Outcome<Value>.self) { group in
                group.addTask { .serverEnded(try await child.run().standardError) }
                group.addTask {
                    guard let pid = await ready(port, pidFile: "\(directory)/sshd.pid") else {
                        return .serverEnded("it did not listen in time")
                    }
                    let server = LoopbackSSHD(directory: directory, port: port, pid: pid, hostKey: hostKey)
                    return .value(try await body(server))
                }
                defer { group.cancelAll() }
                return try await group.next() ?? .serverEnded("")
            }
            if case .value(let value) = outcome { return value }
            // Somebody else took the port between the question and the start: another one.
            if case .serverEnded(let text) = outcome, !text.contains("Address already in use") {
                throw LoopbackError("sshd ended: \(text)")
            }
        }
        throw LoopbackError("no free port")
    }

    private enum Outcome<Value: Sendable>: Sendable { case value(Value), serverEnded(String) }

    private static let server = "/usr/sbin/sshd"
    private static let keyProgram = "/usr/bin/ssh-keygen"

    private static var user: String { getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "root" }

    /// The home directory is an empty one, so that no start-up file of the real user is read.
    private static func configuration(
        _ directory: String, _ port: Int, _ options: [String], _ environment: [String: String]
    ) -> String {
        mkdir("\(directory)/home", 0o700)
        // Of several lines sshd takes the first alone.
        let variables = environment.map { "\"\($0)=\($1)\"" } + ["HOME=\(directory)/home"]
        let lines =
            options + [
                "Port \(port)", "ListenAddress 127.0.0.1", "HostKey \(directory)/host",
                "PidFile \(directory)/sshd.pid", "AuthorizedKeysFile \(directory)/authorized_keys", "StrictModes no",
                "UsePAM no", "PasswordAuthentication no", "KbdInteractiveAuthentication no",
                "PermitRootLogin prohibit-password", "MaxStartups 200", "UseDNS no", "LogLevel ERROR",
                "SetEnv \(variables.joined(separator: " "))",
            ]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func ready(_ port: Int, pidFile: String) async -> Int32? {
        for _ in 0..<1000 {
            if accepts(port), let text = contents(pidFile), let pid = Int32(text.prefix { $0 != "\n" }) { return pid }
            guard (try? await Task.sleep(for: .milliseconds(10))) != nil else { return nil }
        }
        return nil
    }

    private static func command(_ program: String, _ arguments: [String]) async throws {
        let result = try await ChildProcess(executable: program, arguments: arguments).run(deadline: .seconds(30))
        guard result.ending == .exited(0) else { throw LoopbackError("\(program): \(result.standardError)") }
    }
}

/// Why there is no server.
package struct LoopbackError: Error, CustomStringConvertible {
    /// The reason.
    package let description: String

    init(_ description: String) { self.description = description }
}
