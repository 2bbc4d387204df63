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
import JarvisStore
import Logging

/// Everything that runs, wired together; one place that sees it all.
struct Services: Sendable {
    /// As it was at the start; what changes with it meanwhile is in a `Wiring`.
    let settings: OperatorSettings
    let executable: String
    let canaryPort: Int
    let registry = MetricsRegistry()
    let bell = Bell()
    let notice = StoreRepairNotice()
    let storage: Storage
    let store: any Store
    let spool: SpoolDrain?
    let transport: HTTPTransport
    let hosts: HostAccess
    let prober: ServiceProbeClient
    let snapshotKey: SnapshotKey
    let logger: Logger
    /// Of `/-/ready` with a shared database.
    let patience = Patience(.seconds(2))

    init(
        _ settings: OperatorSettings, _ executable: String, _ storage: Storage, _ transport: HTTPTransport,
        _ hosts: HostAccess, _ logger: Logger
    ) throws {
        self.settings = settings
        self.executable = executable
        canaryPort = try FreePort.find()
        self.storage = storage
        self.transport = transport
        self.hosts = hosts
        self.logger = logger
        snapshotKey = try SnapshotKey(in: settings.configuration.dataDirectory)
        store = storage.store(
            onJobsCommitted: { [bell] in bell.ring() },
            onAudited: { [registry] event in registry.add(1, to: "jarvis_audit_records_total", [event.rawValue]) })
        spool = storage.spool.map { [store, registry] in
            SpoolDrain($0, before: store, metrics: registry, logger: logger)
        }
        prober = ServiceProbeClient(transport: transport, newNonce: { SecureRandom.hexadecimalText(bytes: 16) })
    }

    var configuration: Configuration { settings.configuration }

    /// Runs until cancelled: first the workers, then the way in, so that nothing comes in that nobody works on.
    ///
    /// - Parameter reloads: settings that were read anew, or why they could not be.
    func run(
        _ reloads: AsyncStream<Result<OperatorSettings, OperatorSettings.Faults>>,
        _ onReady: @escaping @Sendable (JarvisServer.Ready) async throws -> Void
    ) async throws {
        FaultPoint.passes("server.access.before")
        let access = try await AccessSetup.prepare(store: store, configuration: configuration, now: Date())
        hosts.redactor.count(in: registry)
        prepareAudit()
        CommitMetrics.count(storage.monitor, in: registry, logger)
        let address = ListeningAddress()
        let drill = drill(try rules(settings))
        // One for all routes and for as long as the server runs, so that a guesser's failures count together.
        let gatekeeper = Gatekeeper(credentials: access.credentials)
        let routes = fixedRoutes(access, gatekeeper, drill, address)
        let current = CurrentWiring(try wiring(settings, access, gatekeeper, routes))
        try await declareMetrics()
        FaultPoint.passes("server.recovery.before")
        let idle = try await Recovery(store: store, now: { Date() }).run()
        do { try await storage.takeUpIntakes() } catch {
            // No reason not to start: they wait at most for the clock.
            logger.warning("deliveries that wait can't be made due", metadata: ["error": "\(error)"])
        }
        if idle > 0 { logger.notice("incidents are carried on", metadata: ["count": "\(idle)"]) }
        // In a storm the answers to senders, and what is critical, go before the forming of incidents.
        let background = ThreadExecutor(.tasks(niceness: 10))
        defer { background.shutDown() }
        let processor = JobQueueProcessor(
            driver: storage.queue, configuration: Self.queue, logger: logger,
            handler: { job, lease in
                guard job.kind == JobRequest.Work.intakeKind, job.priority > 0 else {
                    return try await current.value.dispatcher.run(job, under: lease)
                }
                try await withTaskExecutorPreference(background) {
                    try await current.value.dispatcher.run(job, under: lease)
                }
            })
        bell.connect { processor.wake() }
        let listening = AsyncStream<String>.makeStream()
        let server = HTTPServer(
            configuration: httpServer, router: { current.value.router },
            logger: logger, observer: httpObserver(),
            onListening: { [host = configuration.server.listen.host] port in
                listening.continuation.yield(address.set(host: host, port: port))
                listening.continuation.finish()
            })
        // Not a child: steps that may still finish during the shutdown need their connections until the end.
        let connections = Task { await hosts.connections.run() }
        let reload = Reload(current, registry: registry, logger: logger) { try wiring($0, access, gatekeeper, routes) }
        let ending = await Result {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { for await read in reloads { reload.apply(read) } }
                group.addTask { try await serve(server, processor, current, listening.stream, access, onReady) }
                for try await _ in group {}
            }
        }
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
        _ server: HTTPServer, _ processor: JobQueueProcessor<ContinuousClock>, _ current: CurrentWiring,
        _ listening: AsyncStream<String>, _ access: AccessSetup,
        _ onReady: @escaping @Sendable (JarvisServer.Ready) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await processor.run() }
            group.addTask { try await storage.attend(logger: logger) { [bell] in bell.ring() } }
            group.addTask { [self] in
                await LoadMetrics(
                    store: store, directory: configuration.dataDirectory, registry: registry, logger: logger,
                    askWhetherReady: { _ = await readiness() }
                ).run()
            }
            if let spool { group.addTask { await spool.run() } }
            if let repairer = storeRepairer(current) { group.addTask { await repairer.run() } }
            group.addTask { [configuration, store, logger] in
                await Retention(store: store, lifetime: configuration.keptFor, logger: logger).run()
            }
            group.addTask { [storage, bell, registry, logger] in
                await ClockWatch(.system(), metrics: registry, logger: logger) { step in
                    try await storage.clockWasSetBack(by: step)
                    bell.ring()
                }.run()
            }
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
