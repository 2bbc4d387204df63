// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FoundationEssentials
package import JarvisCore
package import JarvisHosts
package import Logging

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What an operator does once for a host: pin its keys, and let it be made ready; the server uses none of this.
package struct HostEnrolment: Sendable {
    /// Why something was not done; a sentence for a person.
    package struct Failure: Error, CustomStringConvertible {
        /// What is wrong and what to do.
        package let description: String

        /// Says it in a sentence.
        package init(description: String) { self.description = description }
    }

    let configuration: Configuration
    let policy: Policy
    let environment: [String: String]
    let logger: Logger
    let access: HostAccess

    /// Works on the data directory of a configuration, which it makes where it is missing.
    package init(settings: OperatorSettings, environment: [String: String], logger: Logger) throws {
        configuration = settings.configuration
        policy = settings.policy
        self.environment = environment
        self.logger = logger
        try DataDirectory.prepare(configuration.dataDirectory)
        access = try HostAccess(configuration, environment: environment, logger: logger, user: .commandLine)
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

    /// Whether keys are pinned for a host.
    package func isPinned(_ host: HostName) throws -> Bool { try access.knownHosts.list()[host]?.isEmpty == false }

    /// Whether Jarvis has a key of its own for a host, which has been seen to work.
    package func isEnrolled(_ host: HostName) -> Bool { access.enrolledKeys.exists(host) }

    /// Whether something of enrolment may stand on a host.
    package func mayBeEnrolled(_ host: HostName) -> Bool {
        isEnrolled(host) || access.enrolledKeys.nextExists(host)
    }

    /// How to log in with a key that nothing uses yet.
    func endpointWithNextKey(_ endpoint: SSHEndpoint, _ host: HostName) -> SSHEndpoint {
        endpoint.with(identityFile: access.enrolledKeys.nextPath(host))
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

    /// Checks the login with these keys, then pins them and records what was found; says it in sentences.
    ///
    /// Nothing is pinned when the login can't be used, so a host that was not checked can't be reached by the server.
    /// A key that enrolment made for a script which was run by hand is tried first, and used from now on if it works.
    package func add(
        _ host: Host, _ endpoint: SSHEndpoint, keys: [HostKey], replace: Bool
    ) async throws -> [String] {
        try await withTrial(host.name, keys) { trial in
            let isWaiting = endpoint.identityFile == nil && access.enrolledKeys.nextExists(host.name)
            if isWaiting, !isEnrolled(host.name),
                let proof = try? await prove(host, endpointWithNextKey(endpoint, host.name), through: trial)
            {
                try accept(proof, of: host.name, keys: keys, replace: replace)
                try access.enrolledKeys.promoteNextKey(of: host.name)
                return proof.sentences + ["that was with its own key, which is used from now on"]
            }
            // A trial's connections serve once.
            let second = isWaiting ? try self.trial() : trial
            let proof = try await prove(host, endpoint, through: second)
            try accept(proof, of: host.name, keys: keys, replace: replace)
            return proof.sentences
        }
    }

    /// Forgets a host's keys, its own included; false when it had none.
    package func remove(_ name: HostName) throws -> Bool {
        let wasEnrolled = mayBeEnrolled(name)
        forgetLogin(name)
        return try access.knownHosts.remove(name) || wasEnrolled
    }

    /// Deletes the key for a host, and what a login there had shown.
    func forgetLogin(_ name: HostName) {
        unlink(shellFile(name))
        access.enrolledKeys.remove(name)
    }

    /// Access to hosts that believes these keys for one host, besides what is pinned; for the time of `body`.
    func withTrial<Value>(_ host: HostName, _ keys: [HostKey], _ body: (HostAccess) async throws -> Value) async throws
        -> Value
    {
        let path = configuration.dataDirectory + "/" + Self.candidates
        defer { unlink(path) }
        unlink(path)
        let trial = try trial()
        try trial.knownHosts.pin(keys, for: host)
        return try await body(trial)
    }

    private static let candidates = "known_hosts.candidate"

    private func trial() throws -> HostAccess {
        try HostAccess(
            configuration, environment: environment, logger: logger, user: .commandLine,
            pinnedKeysFile: Self.candidates)
    }

    /// Pins keys whose host was proven, and remembers what was found there.
    func accept(_ proof: Proof, of host: HostName, keys: [HostKey], replace: Bool) throws {
        do {
            try access.knownHosts.pin(keys, for: host, replace: replace)
        } catch KnownHosts.PinError.differs {
            throw Failure(description: "another key is pinned for \(host); find out why it changed, then add --replace")
        }
        try DataDirectory.prepare(configuration.dataDirectory + "/login-shells")
        try Data((proof.shell + "\n").utf8).write(to: URL(filePath: shellFile(host)), options: .atomic)
    }

    func recordedShell(_ name: HostName) -> String? {
        guard let data = try? Data(contentsOf: URL(filePath: shellFile(name))) else { return nil }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").first.map(String.init)
    }

    private func shellFile(_ name: HostName) -> String { configuration.dataDirectory + "/login-shells/\(name)" }
}
