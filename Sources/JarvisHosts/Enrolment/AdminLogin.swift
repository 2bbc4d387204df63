// SPDX-License-Identifier: Apache-2.0

import Glibc
package import JarvisCore

/// The operator's own login on a host, by which enrolment's scripts run there as root; never used by the server.
///
/// It is the operator's OpenSSH client with the operator's configuration, agent and terminal. Jarvis adds which host
/// key is believed, and asks once: everything goes through one connection.
package struct AdminLogin: Sendable {
    /// Who, and perhaps where: `USER` or `USER@ADDRESS`.
    package struct Name: Sendable, Equatable {
        /// The login.
        package let user: String
        /// Name or address in place of the inventory's; may be a name of the operator's SSH configuration.
        package let address: String?

        /// Accepts a login; throws for what is none.
        package init(_ text: String) throws(SSHConfigurationError) {
            let at = text.lastIndex(of: "@")
            user = at.map { String(text[..<$0]) } ?? text
            address = at.map { String(text[text.index(after: $0)...]) }
            try SSHConfigurationError.check(user: user)
            if let address { try SSHConfigurationError.check(address: address) }
        }
    }

    /// Why a script was not run to its end, or not begun; a sentence.
    package struct Failure: Error, Equatable, CustomStringConvertible {
        /// What is wrong and what to do.
        package let description: String
    }

    private let name: Name
    private let host: HostName
    private let endpoint: SSHEndpoint
    private let knownHostsFile: String
    private let environment: [String: String]
    private let program: String

    /// - Parameters:
    ///   - knownHostsFile: an absolute path; only keys in it, under the host's name, are believed.
    ///   - environment: the operator's own, whole.
    package init(
        _ name: Name, on host: HostName, _ endpoint: SSHEndpoint, knownHostsFile: String,
        environment: [String: String], program: String = "/usr/bin/ssh"
    ) {
        self.name = name
        self.host = host
        self.endpoint = endpoint
        self.knownHostsFile = knownHostsFile
        self.environment = environment
        self.program = program
    }

    /// Logs in, and runs `body` with the connection; nothing of it is left afterwards.
    ///
    /// The keys that interrupt reach the programs on the terminal alone meanwhile, so that what follows them (cleaning
    /// up, on the host too) always happens.
    package func connected<Value: Sendable>(
        _ body: (Connection) async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let previous = [SIGINT, SIGQUIT, SIGHUP].map { ($0, signal($0, SIG_IGN)) }
        defer { for (number, handler) in previous { signal(number, handler) } }
        var template = Array("/tmp/jarvis-admin-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw Failure(description: "no folder for the connection in /tmp: \(systemErrorText(errno))")
        }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let connection = Connection(login: self, socket: folder + "/s")
        defer {
            unlink(folder + "/s")
            rmdir(folder)
        }
        let status = try await onTerminal(try options(folder + "/s") + ["--", address, "exec true"])
        guard status == 0 else {
            throw Failure(
                description: "\(name.user) could not log in on \(address) (ssh ended with status \(status)); "
                    + "try: ssh \(name.user)@\(address)")
        }
        do throws(Failure) {
            let value = try await body(connection)
            await connection.close()
            return value
        } catch {
            await connection.close()
            throw error
        }
    }

    private var address: String { name.address ?? endpoint.address }

    /// The first value counts for ssh, so these go before the operator's own files.
    ///
    /// Where the operator names the address, its port is the operator's configuration's business, too.
    private func options(_ socket: String) throws(Failure) -> [String] {
        guard knownHostsFile.hasPrefix("/"), !knownHostsFile.utf8.contains(where: { "\"\\%$\n".utf8.contains($0) })
        else {
            throw Failure(description: "the path '\(knownHostsFile)' can't be named to ssh")
        }
        let settings = [
            "UserKnownHostsFile=\"\(knownHostsFile)\"", "GlobalKnownHostsFile=none", "HostKeyAlias=\(host)",
            "StrictHostKeyChecking=yes", "IgnoreUnknown=KnownHostsCommand", "KnownHostsCommand=none",
            "VerifyHostKeyDNS=no", "NoHostAuthenticationForLocalhost=no", "UpdateHostKeys=no", "CheckHostIP=no",
            "ControlMaster=yes",
            "ControlPath=\(socket)", "ControlPersist=600", "ForwardAgent=no", "ForwardX11=no",
            "ClearAllForwardings=yes", "PermitLocalCommand=no", "RemoteCommand=none", "RequestTTY=no",
        ]
        let port = name.address == nil ? ["-p", "\(endpoint.port)"] : []
        return settings.flatMap { ["-o", $0] } + port + ["-l", name.user]
    }

    private func onTerminal(_ arguments: [String]) async throws(Failure) -> Int32 {
        do throws(SpawnError) {
            return try await TerminalProcess(executable: program, arguments: arguments, environment: environment).run()
        } catch {
            throw Failure(description: "the SSH client: \(error)")
        }
    }
}

extension AdminLogin {
    /// An open connection.
    package struct Connection: Sendable {
        fileprivate let login: AdminLogin
        fileprivate let socket: String

        /// Runs a script as root, with the guard beside it where given; returns when it has ended well.
        ///
        /// It lies in a folder of its own on the host, which is gone afterwards, unless the connection is lost while that
        /// folder is made: then nothing was run, and an unread copy of the script stays in /tmp.
        package func run(_ script: HostSetupScript, guardProgram: [UInt8]? = nil) async throws(Failure) {
            let folder = try await upload(Array(script.text.utf8), by: Self.firstUpload)
            guard Self.isFolder(folder) else {
                throw Failure(description: "\(login.host) did not make a folder for the script; nothing was run there")
            }
            do throws(Failure) {
                if let guardProgram {
                    let size = try await upload(
                        guardProgram, by: "cat >\(folder)/jarvis-guard && wc -c <\(folder)/jarvis-guard")
                    guard Int(size.filter { $0 != " " }) == guardProgram.count else {
                        throw Failure(description: "the guard did not reach \(login.host) whole; nothing was run there")
                    }
                }
                try await runUploaded(folder)
            } catch {
                // The folder may still be there when the connection was lost on the way.
                _ = try? await upload([], by: "rm -rf \(folder)")
                throw error
            }
        }

        private func runUploaded(_ folder: String) async throws(Failure) {
            let hasTerminal = isatty(0) == 1
            let root = login.name.user == "root" ? "" : hasTerminal ? "sudo " : "sudo -n "
            let line =
                "trap \"rm -rf \(folder)\" EXIT; trap \"exit 1\" HUP INT TERM; \(root)sh \(folder)/setup"
            let arguments = throughMaster + [hasTerminal ? "-t" : "-T", "--", login.address, Self.shell(line)]
            let status = try await login.onTerminal(arguments)
            guard status == 0 else {
                throw Failure(
                    description: status == 255
                        ? "the connection to \(login.host) was lost while the script ran; run this again"
                        : "the script did not succeed on \(login.host) (status \(status)); its own words are above")
            }
        }

        /// What a fixed line on the host prints, given these bytes.
        private func upload(_ bytes: [UInt8], by line: String) async throws(Failure) -> String {
            let child = ChildProcess(
                executable: login.program, arguments: throughMaster + ["-T", "--", login.address, Self.shell(line)],
                environment: login.environment, standardInput: bytes)
            guard let result = try? await child.run(deadline: .seconds(120)), result.ending == .exited(0) else {
                throw Failure(description: "the files did not reach \(login.host); nothing was run there")
            }
            return String(result.standardOutput.prefix { !$0.isNewline })
        }

        fileprivate func close() async {
            let child = ChildProcess(
                executable: login.program, arguments: throughMaster + ["-O", "exit", "--", login.address],
                environment: login.environment)
            _ = try? await child.run(deadline: .seconds(5))
        }

        private var throughMaster: [String] {
            [
                "-F", "none", "-S", socket, "-e", "none", "-o", "ControlMaster=no", "-o", "ProxyCommand=false", "-o",
                "LogLevel=ERROR",
            ]
        }

        private static let firstUpload =
            "umask 077; f=$(mktemp -d /tmp/jarvis-enrol-XXXXXXXXXX) && cat >$f/setup && echo $f"

        /// Whatever the login shell of the operator is, `line` (without single quotes) is read by `sh`.
        private static func shell(_ line: String) -> String { "exec sh -c '\(line)'" }

        static func isFolder(_ text: String) -> Bool {
            let prefix = "/tmp/jarvis-enrol-"
            let rest = text.dropFirst(prefix.count)
            return text.hasPrefix(prefix) && (6...20).contains(rest.count)
                && rest.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        }
    }
}
