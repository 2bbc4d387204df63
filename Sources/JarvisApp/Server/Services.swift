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
import Logging

/// Everything that runs, wired together; one place that sees it all.
struct Services: Sendable {
    let configuration: Configuration
    let rules: EngineRules
    let registry = MetricsRegistry()
    let bell = Bell()
    let database: SQLiteDatabase
    let store: SQLiteStore
    let transport: HTTPTransport
    let hosts: HostAccess
    let prober: ServiceProbeClient
    let logger: Logger

    init(
        _ settings: OperatorSettings, _ executable: String, _ database: SQLiteDatabase, _ transport: HTTPTransport,
        _ hosts: HostAccess, _ logger: Logger
    ) throws {
        configuration = settings.configuration
        self.database = database
        self.transport = transport
        self.hosts = hosts
        self.logger = logger
        rules = try RulesBuilder.rules(settings, executable: executable, canaryPort: try FreePort.find())
        store = SQLiteStore(
            database, onJobsCommitted: { [bell] in bell.ring() },
            onAudited: { [registry] event in registry.add(1, to: "jarvis_audit_records_total", [event.rawValue]) })
        prober = ServiceProbeClient(transport: transport, newNonce: { SecureRandom.hexadecimalText(bytes: 16) })
    }

    /// Runs until cancelled: first the workers, then the way in, so that nothing comes in that nobody works on.
    func run(_ onReady: @escaping @Sendable (JarvisServer.Ready) async throws -> Void) async throws {
        FaultPoint.passes("server.access.before")
        let access = try await AccessSetup.prepare(store: store, configuration: configuration, now: Date())
        hosts.redactor.learn(knownSecrets(access))
        hosts.redactor.count(in: registry)
        prepareAudit()
        CommitMetrics.count(database.writer.monitor, in: registry, logger)
        let dispatcher = JobDispatcher(context: jobContext())
        try await declareMetrics()
        FaultPoint.passes("server.recovery.before")
        let open = try await Recovery(store: store, now: { Date() }).run()
        if open > 0 { logger.notice("open incidents are carried on", metadata: ["count": "\(open)"]) }
        // In a storm the answers to senders, and what is critical, go before the forming of incidents.
        let background = ThreadExecutor(.tasks(niceness: 10))
        defer { background.shutDown() }
        let processor = JobQueueProcessor(
            driver: SQLiteJobQueue(database), configuration: Self.queue, logger: logger,
            handler: { job, lease in
                guard job.kind == Self.intakeKind, job.priority > 0 else {
                    return try await dispatcher.run(job, under: lease)
                }
                try await withTaskExecutorPreference(background) { try await dispatcher.run(job, under: lease) }
            })
        bell.connect { processor.wake() }
        let address = ListeningAddress()
        let listening = AsyncStream<String>.makeStream()
        let drill = drill()
        let server = HTTPServer(
            configuration: httpServer,
            router: try router(access, dispatcher.decisions, drill, address),
            logger: logger, observer: httpObserver(),
            onListening: { [host = configuration.server.listen.host] port in
                listening.continuation.yield(address.set(host: host, port: port))
                listening.continuation.finish()
            })
        // Not a child: steps that may still finish during the shutdown need their connections until the end.
        let connections = Task { await hosts.connections.run() }
        let ending = await Result { try await serve(server, processor, listening.stream, access, onReady) }
        FaultPoint.passes("server.connections.before")
        connections.cancel()
        await connections.value
        await drill?.cleanUp()
        try ending.get()
    }

    private func prepareAudit() {
        AuditWatch.declare(in: registry)
        do {
            _ = try AuditKey.make(in: configuration.dataDirectory)
        } catch {
            logger.error("heads of the audit log can't be signed", metadata: ["error": "\(error)"])
        }
    }

    private func serve(
        _ server: HTTPServer, _ processor: JobQueueProcessor<ContinuousClock>, _ listening: AsyncStream<String>,
        _ access: AccessSetup, _ onReady: @escaping @Sendable (JarvisServer.Ready) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await processor.run() }
            group.addTask { try await Retention(store: store, logger: logger).run() }
            group.addTask { await AuditWatch(log: store, metrics: registry, logger: logger).run() }
            group.addTask {
                do {
                    try await server.run()
                } catch HTTPServerError.cannotListen(_, _, let reason) {
                    throw ServerError.listen("can't listen on \(configuration.server.listen): \(reason)")
                }
            }
            group.addTask {
                for await url in listening { try await onReady(ready(url, access)) }
            }
            // Not `waitForAll`, which would wait for the others before it tells that one has failed.
            for try await _ in group {}
        }
    }

    private static let intakeKind = "intake"

    /// Work on an incident is not given up over an outage of a day: a given-up job would leave it open for ever.
    private static let queue = JobQueueConfiguration(
        workers: 16, retry: RetryStrategy(maximumAttempts: 1_440, cap: .seconds(60)))

    private var httpServer: HTTPServerConfiguration {
        var server = HTTPServerConfiguration(
            host: configuration.server.listen.host, port: configuration.server.listen.port)
        server.maximumBodyBytes = configuration.server.maximumBodyBytes
        server.maximumConnections = configuration.server.maximumConnections
        return server
    }
}

extension Result where Failure == any Error {
    /// What an asynchronous body gave or threw.
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
