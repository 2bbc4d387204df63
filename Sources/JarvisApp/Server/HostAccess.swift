// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
import Cryptography
package import JarvisCore
package import JarvisHosts
package import Logging

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// How this process reaches hosts: files, sockets, settings.
package struct HostAccess: Sendable {
    /// Who reaches hosts; each has sockets of its own, so that neither ends the other's connections.
    package enum User: String, Sendable {
        /// The server.
        case server
        /// A command of the command line, beside a server that may run.
        case commandLine
    }

    /// The pinned host keys.
    package let knownHosts: KnownHosts
    /// The keys that were made for hosts.
    package let enrolledKeys: EnrolledKeys
    /// The guards' statement of this Jarvis' key; nil when no host is guarded.
    let guardStatement: String?
    /// The file of the pinned host keys, by its absolute path.
    let knownHostsFile: String
    /// The connections; `run()` must be running for them to work.
    package let connections: SSHConnections
    private let local: LocalCommandRunner
    private let ssh: SSHCommandRunner
    /// Takes secrets out of what hosts print.
    package let redactor = Redactor()

    /// Prepares the directories and the gate; nothing connects yet.
    ///
    /// - Parameters:
    ///   - environment: of this process, for the SSH agent, the home directory and the runtime directory.
    ///   - epoch: for guards, that of the database that instances share; nil: the data directory's own.
    ///   - pinnedKeysFile: the name of another file of host keys in the data directory.
    package init(
        _ configuration: Configuration, environment: [String: String], logger: Logger, user: User = .server,
        epoch: UInt64? = nil, pinnedKeysFile: String? = nil
    ) throws {
        let data = try Self.absolute(configuration.dataDirectory)
        let path = pinnedKeysFile.map { data + "/" + $0 } ?? data + "/known_hosts"
        knownHosts = KnownHosts(path: path)
        knownHostsFile = path
        enrolledKeys = EnrolledKeys(folder: data + "/keys")
        let settings = SSHSettings(
            runtimeDirectory: Self.runtimeDirectory(environment, data, user), knownHostsFile: path,
            includedConfigurations: [configuration.ssh.configurationFile].compactMap { $0 },
            enrolledKeys: enrolledKeys, environment: ChildEnvironment.restricted(from: environment),
            connectSeconds: max(1, Int(configuration.ssh.connectTimeout.components.seconds)))
        connections = try SSHConnections(settings: settings, logger: logger)
        let services = try ServiceSupervisor(
            directory: data + "/services", environment: ChildEnvironment.restricted(from: environment))
        let isAnyGuarded = configuration.inventory.hosts.values.contains(where: \.isGuarded)
        let wanted = epoch.map { GuardKey.Epoch.shared($0) } ?? (user == .server ? .new : .last)
        let key = isAnyGuarded ? try GuardKey(in: data, wanted) : nil
        guardStatement = key?.statement
        if let key, user == .server {
            logger.info("guarded hosts must know this key", metadata: ["statement": "\(key.statement)"])
        }
        local = LocalCommandRunner(environment: ChildEnvironment.restricted(from: environment), services: services)
        ssh = SSHCommandRunner(connections: connections, signing: key?.signing)
    }

    /// The gate, for what this policy judged.
    package func runner(under policy: Policy) -> HostCommandRunner {
        HostCommandRunner(local: local, ssh: ssh, policy: policy, redactor: redactor)
    }

    private static func absolute(_ path: String) throws(ServerError) -> String {
        guard let resolved = realpath(path, nil) else {
            throw .dataDirectory(path, reason: String(cString: strerror(errno)))
        }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Short, because a socket's path may have 107 bytes only; one for each data directory.
    private static func runtimeDirectory(
        _ environment: [String: String], _ data: String, _ user: User
    ) -> String {
        let name = String(SHA256.hexDigest(of: Array((data + user.rawValue).utf8)).prefix(8))
        if let directory = environment["RUNTIME_DIRECTORY"], user == .server, !directory.contains(":") {
            return directory + "/ssh"
        }
        if let directory = environment["XDG_RUNTIME_DIR"], directory.hasPrefix("/") {
            return directory + "/jarvis-\(name)"
        }
        return "/tmp/jarvis-\(getuid())-\(name)"
    }
}
