// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Cryptography
import DurableQueue
import FoundationEssentials
import JarvisClients
import JarvisCore
import JarvisEngine
import JarvisHTTP
import JarvisHosts
import JarvisRuntime
import JarvisSQLite
import Logging

/// Everything that runs, wired together; one place that sees it all.
struct Services: Sendable {
    private let configuration: Configuration
    private let rules: EngineRules
    private let registry = MetricsRegistry()
    private let bell = Bell()
    private let database: SQLiteDatabase
    private let store: SQLiteStore
    private let transport: HTTPTransport
    private let hosts: HostCommandRunner
    private let prober: ServiceProbeClient
    private let logger: Logger

    init(
        _ configuration: Configuration, _ executable: String, _ database: SQLiteDatabase, _ transport: HTTPTransport,
        _ hosts: HostCommandRunner, _ logger: Logger
    ) throws {
        self.configuration = configuration
        self.database = database
        self.transport = transport
        self.hosts = hosts
        self.logger = logger
        rules = try RulesBuilder.rules(configuration, executable: executable)
        store = SQLiteStore(database, onJobsCommitted: { [bell] in bell.ring() })
        prober = ServiceProbeClient(transport: transport, newNonce: { SecureRandom.hexadecimalText(bytes: 16) })
    }

    /// Runs until cancelled: first the workers, then the way in, so that nothing comes in that nobody works on.
    func run(_ onReady: @escaping @Sendable (JarvisServer.Ready) async throws -> Void) async throws {
        let access = try await AccessSetup.prepare(store: store, configuration: configuration, now: Date())
        let dispatcher = JobDispatcher(context: jobContext())
        let processor = JobQueueProcessor(
            driver: SQLiteJobQueue(database), logger: logger, handler: { try await dispatcher.run($0) })
        bell.connect { processor.wake() }
        let listening = AsyncStream<Int>.makeStream()
        let drill = drill()
        let server = HTTPServer(
            configuration: configuration.httpServer,
            router: try router(access, dispatcher.decisions, drill, listening.stream),
            logger: logger, observer: httpObserver(),
            onListening: { port in
                listening.continuation.yield(port)
                listening.continuation.finish()
            })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await processor.run() }
            group.addTask {
                do {
                    try await server.run()
                } catch {
                    throw ServerError.listen("can't listen on \(configuration.server.listen): \(error)")
                }
            }
            group.addTask {
                for await port in listening.stream { try await onReady(ready(port, access)) }
            }
            do {
                try await group.waitForAll()
            } catch {
                group.cancelAll()
                throw error
            }
        }
    }
}
