// SPDX-License-Identifier: Apache-2.0

import Glibc
import JarvisCore
package import Logging
import Synchronization

/// The connections to all hosts; every session is lent from here.
///
/// A host has one shared connection at a time, with at most `SSHEndpoint.maximumSessions` sessions on it. Connections
/// live as children of `run()`: without it nothing connects, and when it ends none is left.
package final class SSHConnections: Sendable {
    private struct Key: Hashable {
        let host: HostName
        let address: String
        let port: Int
        let user: String
        let identityFile: String?
        let maximumSessions: Int
        /// For a connection that one caller alone uses; 0 for the one that all share.
        var number = 0
    }

    private let settings: SSHSettings
    private let logger: Logger
    private let masters = Mutex<[Key: SSHMaster]>([:])
    private let newNumber = Mutex(0)
    private let requests: AsyncStream<(SSHMaster, Int)>
    private let request: AsyncStream<(SSHMaster, Int)>.Continuation

    /// Prepares the directory for sockets; throws when it is not, or can't be made, a private one with a short path.
    package init(settings: SSHSettings, logger: Logger) throws(FileError) {
        // sun_path has 108 bytes with its NUL; while it makes the socket the client adds a suffix of 17.
        guard settings.runtimeDirectory.utf8.count + 1 + SSHFileNames.length + 17 < 108 else {
            throw FileError(
                path: settings.runtimeDirectory, reason: "it is longer than the 71 bytes that leave room for a socket")
        }
        try preparePrivateDirectory(settings.runtimeDirectory)
        self.settings = settings
        self.logger = logger
        (requests, request) = AsyncStream.makeStream()
    }

    /// Runs the connections that are asked for until the task is cancelled; call it once.
    ///
    /// First it ends masters that an earlier process of Jarvis left behind in the directory, unless another one that
    /// still runs uses the directory, too.
    package func run() async {
        let lock = takeLock()
        defer { lock.map { _ = close($0) } }
        if lock != nil { await endLeftovers() }
        await withDiscardingTaskGroup { group in
            for await (master, generation) in requests {
                group.addTask { await master.serve(generation: generation) }
            }
            for master in masters.withLock({ Array($0.values) }) { master.shutDown() }
            group.cancelAll()
        }
    }

    /// Runs the connections just for `body`, for a command line that needs a host once.
    package func whileRunning<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) async -> Value {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.run() }
            let value = await body()
            group.cancelAll()
            return value
        }
    }

    /// Lends a session slot on the open connection of a host; throws when there is none in time, nothing is sent then.
    func withSession<Value: Sendable>(
        on host: HostName, _ endpoint: SSHEndpoint, _ body: (SSHSession) async -> Value
    ) async throws(SessionRefusal) -> Value {
        let master = self.master(key(host, endpoint), endpoint)
        let end = ContinuousClock.now + settings.startLimit
        if !master.slots.takeIfFree() {
            guard await withTimeLimit(settings.startLimit, { await master.slots.take() }) else {
                throw .notInTime(host)
            }
        }
        defer { master.slots.release() }
        let line: SSHLine
        if let open = master.openLine() {
            line = open
        } else {
            line = try await withTimeLimit(end - .now) { () async -> Result<SSHLine, SessionRefusal> in
                do throws(SessionRefusal) { return .success(try await master.line()) } catch { return .failure(error) }
            }.get()
        }
        let client = SSHClient(settings: settings, endpoint: endpoint, names: line.names)
        return await body(SSHSession(client: client, suspect: { master.suspect(line) }))
    }

    /// Lends a session on a connection that is made for it and ended after it; throws when there is none in time.
    func withNewConnection<Value: Sendable>(
        to host: HostName, _ endpoint: SSHEndpoint, _ body: (SSHSession) async -> Value
    ) async throws(SessionRefusal) -> Value {
        guard !Task.isCancelled else { throw .notInTime(host) }
        let number = newNumber.withLock { number in
            number += 1
            return number
        }
        let key = key(host, endpoint, number)
        let master = master(key, endpoint)
        defer {
            masters.withLock { _ = $0.removeValue(forKey: key) }
            master.shutDown()
        }
        let line = try await withTimeLimit(settings.startLimit) { () async -> Result<SSHLine, SessionRefusal> in
            do throws(SessionRefusal) { return .success(try await master.line()) } catch { return .failure(error) }
        }.get()
        let client = SSHClient(settings: settings, endpoint: endpoint, names: line.names)
        return await body(SSHSession(client: client, suspect: {}))
    }

    private func key(_ host: HostName, _ endpoint: SSHEndpoint, _ number: Int = 0) -> Key {
        Key(
            host: host, address: endpoint.address, port: endpoint.port, user: endpoint.user,
            identityFile: endpoint.identityFile, maximumSessions: endpoint.maximumSessions, number: number)
    }

    private func master(_ key: Key, _ endpoint: SSHEndpoint) -> SSHMaster {
        masters.withLock { masters in
            if let master = masters[key] { return master }
            let master = SSHMaster(host: key.host, endpoint: endpoint, settings: settings, logger: logger) {
                [request] master, generation in
                if case .terminated = request.yield((master, generation)) { master.shutDown() }
            }
            masters[key] = master
            return master
        }
    }

    /// Held while `run()` runs; nil when another process holds it.
    private func takeLock() -> Int32? {
        let number = open("\(settings.runtimeDirectory)/lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard number >= 0 else { return nil }
        guard flock(number, LOCK_EX | LOCK_NB) == 0 else {
            close(number)
            return nil
        }
        return number
    }

    private func endLeftovers() async {
        for name in namesInDirectory(settings.runtimeDirectory) {
            let path = "\(settings.runtimeDirectory)/\(name)"
            if name.hasSuffix(SSHFileNames.socketSuffix) {
                // The name of the host does not matter to a master that is asked through its socket.
                let child = ChildProcess(
                    executable: settings.program,
                    arguments: ["-F", "none", "-S", path, "-O", "exit", "--", "leftover"],
                    environment: settings.environment)
                _ = try? await child.run(deadline: .seconds(2))
                unlink(path)
            } else if name.hasSuffix(SSHFileNames.configurationSuffix) {
                unlink(path)
            }
        }
    }
}

/// A lent session.
struct SSHSession: Sendable {
    let client: SSHClient
    /// Says that a run on it ended without the host's word.
    let suspect: @Sendable () -> Void
}
