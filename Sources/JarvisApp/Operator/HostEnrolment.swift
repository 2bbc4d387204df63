// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import JarvisCore
package import JarvisHosts
package import Logging

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Adding a host: fetch its keys, let a person compare them, check the login, pin.
package struct HostEnrolment: Sendable {
    /// Why a host could not be added; a sentence for a person.
    package struct Failure: Error, CustomStringConvertible {
        /// What is wrong and what to do.
        package let description: String
    }

    /// What is known of a host's enrolment.
    package struct Entry: Sendable {
        /// The host.
        package let host: Host
        /// Kinds of its pinned keys; empty: not added yet.
        package let pinned: [String]
        /// The login shell that was found when it was added.
        package let shell: String?
    }

    private let configuration: Configuration
    private let environment: [String: String]
    private let logger: Logger
    private let access: HostAccess

    /// Works on the data directory of a configuration, which it makes where it is missing.
    package init(configuration: Configuration, environment: [String: String], logger: Logger) throws {
        self.configuration = configuration
        self.environment = environment
        self.logger = logger
        try DataDirectory.prepare(configuration.dataDirectory)
        access = try HostAccess(configuration, environment: environment, logger: logger, user: .commandLine)
    }

    /// The hosts of the inventory and how far they are.
    package func entries() throws -> [Entry] {
        let pinned = try access.knownHosts.list()
        return configuration.inventory.hosts.values.sorted { $0.name < $1.name }.map { host in
            Entry(host: host, pinned: (pinned[host.name] ?? []).map(\.kind).sorted(), shell: recordedShell(host.name))
        }
    }

    /// The host of this name and where it is reached; throws for unknown and local hosts.
    package func endpoint(of name: String) throws(Failure) -> (host: Host, endpoint: SSHEndpoint) {
        guard let hostName = HostName(name), let host = configuration.inventory.hosts[hostName] else {
            let known = configuration.inventory.hosts.keys.sorted().map(\.text).joined(separator: ", ")
            throw Failure(description: "'\(UntrustedText(name).display())' is not in the inventory; it has: \(known)")
        }
        guard case .ssh(let endpoint) = host.connection else {
            throw Failure(description: "host \(host.name) is this machine: it needs no keys")
        }
        return (host, endpoint)
    }

    /// The keys that answer at a host's address; proves nothing until a person has compared the fingerprints.
    package func scan(_ endpoint: SSHEndpoint) async throws(Failure) -> [HostKeyScanner.Finding] {
        let scanner = HostKeyScanner(environment: ChildEnvironment.restricted(from: environment))
        do {
            return try await scanner.scan(address: endpoint.address, port: endpoint.port)
        } catch {
            throw Failure(description: "no host key from \(endpoint.address) port \(endpoint.port): \(error)")
        }
    }

    /// Checks the login with these keys, then pins them and records the login shell; returns the shell.
    ///
    /// Nothing is pinned when the login can't be used, so a host that was not checked can't be reached by the server.
    package func add(
        _ host: Host, _ endpoint: SSHEndpoint, keys: [HostKey], replace: Bool
    ) async throws -> String {
        let candidate = configuration.dataDirectory + "/known_hosts.candidate"
        defer { unlink(candidate) }
        unlink(candidate)
        let trial = try HostAccess(
            configuration, environment: environment, logger: logger, user: .commandLine, pinnedKeysFile: candidate)
        try trial.knownHosts.pin(keys, for: host.name)
        let check = LoginShellCheck(connections: trial.connections)
        switch await trial.connections.whileRunning({ await check.check(host.name, endpoint) }) {
        case .unreachable(let reason): throw Failure(description: "the login was not possible: \(reason)")
        case .refused(let reason): throw Failure(description: reason)
        case .usable(let shell):
            do {
                try access.knownHosts.pin(keys, for: host.name, replace: replace)
            } catch KnownHosts.PinError.differs {
                throw Failure(
                    description: "another key is pinned for \(host.name); find out why it changed, then add --replace")
            }
            try record(shell, of: host.name)
            return shell
        }
    }

    /// Forgets a host's keys; false when it had none.
    package func remove(_ name: HostName) throws -> Bool {
        unlink(shellFile(name))
        return try access.knownHosts.remove(name)
    }

    private func shellFile(_ name: HostName) -> String { configuration.dataDirectory + "/login-shells/\(name)" }

    private func recordedShell(_ name: HostName) -> String? {
        guard let data = try? Data(contentsOf: URL(filePath: shellFile(name))) else { return nil }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").first.map(String.init)
    }

    private func record(_ shell: String, of name: HostName) throws {
        try DataDirectory.prepare(configuration.dataDirectory + "/login-shells")
        try Data((shell + "\n").utf8).write(to: URL(filePath: shellFile(name)), options: .atomic)
    }
}
