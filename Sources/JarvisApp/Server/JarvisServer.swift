// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Cryptography
import DurableQueue
import FaultPoints
import FoundationEssentials
import JarvisClients
import JarvisCore
import JarvisEngine
import JarvisHTTP
import JarvisHosts
import JarvisRuntime
import JarvisSQLite
import JarvisStore
package import Logging

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

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
        /// How others reach it: `server.external_url`, else the same address.
        package let externalURL: String
        /// Where it keeps its data.
        package let dataDirectory: String
        /// The name that senders authenticate with.
        package let webhookUsername: String
    }

    private let settings: OperatorSettings
    private let executable: String
    private let environment: [String: String]
    private let logger: Logger
    private let commitGroupLimit: Int

    /// Prepares a server; nothing happens before `run`.
    ///
    /// - Parameters:
    ///   - executable: absolute path of this program, for the drill's canary.
    ///   - environment: of this process.
    ///   - commitGroupLimit: writes that may share a transaction; measurements compare with 1.
    package init(
        settings: OperatorSettings, executable: String, environment: [String: String], logger: Logger,
        commitGroupLimit: Int = SQLiteWriter.groupLimit
    ) {
        self.settings = settings
        self.environment = environment
        self.executable = executable
        self.logger = logger
        self.commitGroupLimit = commitGroupLimit
    }

    /// Serves until the task is cancelled, then stops claiming work, lets what runs end, and returns.
    ///
    /// - Parameters:
    ///   - reloads: settings that were read anew, or why they could not be; see `Reload`.
    ///   - onReady: runs beside the server, from the moment that webhooks are accepted.
    package func run(
        reloads: AsyncStream<Result<OperatorSettings, OperatorSettings.Faults>> = AsyncStream { $0.finish() },
        onReady: @escaping @Sendable (Ready) async throws -> Void
    ) async throws {
        let configuration = settings.configuration
        try DataDirectory.prepare(configuration.dataDirectory)
        try Restore.finishInterrupted(in: configuration.dataDirectory)
        FaultPoint.passes("server.database.before")
        let storage = try await openStorage(configuration)
        FaultPoint.passes("server.database.after")
        let transport = HTTPTransport()
        do {
            let hosts = try HostAccess(
                configuration, environment: environment, logger: logger, epoch: storage.epoch)
            try await Services(settings, executable, storage, transport, hosts, logger).run(reloads, onReady)
        } catch {
            await transport.shutdown()
            await storage.close()
            throw error
        }
        await transport.shutdown()
        await storage.close()
    }

    private func openStorage(_ configuration: Configuration) async throws -> Storage {
        let file = configuration.dataDirectory + "/jarvis.sqlite"
        do {
            guard let url = configuration.databaseURL else {
                if try SpoolFolder.holdsDeliveries(configuration.dataDirectory + "/spool") {
                    throw ServerError.store(
                        "alerts wait in \(configuration.dataDirectory)/spool for the database of database.url: start once "
                            + "more with it, until they are there")
                }
                return .file(
                    try await SQLiteDatabase(path: file, groupLimit: commitGroupLimit) {
                        logger.notice(
                            "the database was copied: its schema is changed now",
                            metadata: ["schema": "\($0)", "known": "\(SQLiteReport.knownSchema)", "copy": "\($1)"])
                    })
            }
            if access(file, F_OK) == 0 {
                logger.notice("what an earlier start kept in the data directory is not used: database.url is set")
            }
            return .shared(try await SharedStorage(url, dataDirectory: configuration.dataDirectory, logger: logger))
        } catch let error as StoreError {
            if case .corrupt(let what) = error { throw ServerError.damaged(what) }
            throw ServerError.store(error.description)
        }
    }
}
