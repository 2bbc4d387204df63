// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Cryptography
import DurableQueue
package import FoundationEssentials
import JarvisClients
package import JarvisCore
import JarvisEngine
import JarvisHTTP
import JarvisHosts
import JarvisRuntime
import JarvisSQLite
package import Logging

/// The whole product in one process: configuration in, services in dependency order.
package struct JarvisServer: Sendable {
    /// What is known once the server listens.
    package struct Ready: Sendable {
        /// Where it answers.
        package let baseURL: String
        /// Credentials made just now, to be shown once.
        package let fresh: AccessSetup.Fresh?
        /// A client with the rights of this process' own user.
        package let client: OperatorClient
    }

    private let configuration: Configuration
    private let executable: String
    private let logger: Logger

    /// Prepares a server; nothing happens before `run`.
    ///
    /// - Parameter executable: absolute path of this program, for the drill's canary.
    package init(configuration: Configuration, executable: String, logger: Logger) {
        self.configuration = configuration
        self.executable = executable
        self.logger = logger
    }

    /// Serves until the task is cancelled, then stops claiming work, lets what runs end, and returns.
    ///
    /// - Parameter onReady: called once, when webhooks are accepted.
    package func run(onReady: @escaping @Sendable (Ready) async throws -> Void) async throws {
        try DataDirectory.prepare(configuration.dataDirectory)
        let bell = Bell()
        let store = try await openStore(bell)
        let access = try await AccessSetup.prepare(store: store, configuration: configuration, now: Date())
        let transport = HTTPTransport()
        let runner = try HostCommandRunner.make(configuration, logger: logger)
        do {
            try await serve(store, bell, access, transport, runner, onReady)
        } catch {
            await shutDown(store, transport, runner)
            throw error
        }
        await shutDown(store, transport, runner)
    }

    private func openStore(_ bell: Bell) async throws -> SQLiteStore {
        do {
            return try await SQLiteStore.open(
                path: configuration.dataDirectory + "/jarvis.sqlite", onJobsCommitted: { bell.ring() })
        } catch let error as StoreError {
            throw ServerError.store(error.description)
        }
    }

    private func shutDown(_ store: SQLiteStore, _ transport: HTTPTransport, _ runner: HostCommandRunner) async {
        await runner.shutdown()
        await transport.shutdown()
        await store.close()
    }
}
