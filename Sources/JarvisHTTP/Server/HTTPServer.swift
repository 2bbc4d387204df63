// SPDX-License-Identifier: Apache-2.0

package import Logging
import NIOCore
import NIOHTTP1
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// An HTTP/1.1 server in clear text, meant for the loopback interface or behind a reverse proxy.
///
/// Connections live on the event loop and cost no task; each complete request becomes a child task of `run`. All
/// limits are in `HTTPServerConfiguration`.
package struct HTTPServer: Sendable {
    private let configuration: HTTPServerConfiguration
    private let router: @Sendable () -> Router
    private let logger: Logger
    private let observer: (@Sendable (HTTPServerObservation) -> Void)?
    private let onListening: @Sendable (_ port: Int) -> Void

    /// Creates a server; nothing happens before `run`.
    ///
    /// - Parameters:
    ///   - router: Asked for each request, so that its routes may change meanwhile; must not block.
    ///   - observer: Called once for each request that got an answer; must not block.
    ///   - onListening: Called once with the port that is bound, which matters when port 0 was configured.
    package init(
        configuration: HTTPServerConfiguration, router: @escaping @Sendable () -> Router, logger: Logger,
        observer: (@Sendable (HTTPServerObservation) -> Void)? = nil,
        onListening: @escaping @Sendable (_ port: Int) -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.router = router
        self.logger = logger
        self.observer = observer
        self.onListening = onListening
    }

    /// Creates a server whose routes stay the same; nothing happens before `run`.
    package init(
        configuration: HTTPServerConfiguration, router: Router, logger: Logger,
        observer: (@Sendable (HTTPServerObservation) -> Void)? = nil,
        onListening: @escaping @Sendable (_ port: Int) -> Void = { _ in }
    ) {
        self.init(
            configuration: configuration, router: { router }, logger: logger, observer: observer,
            onListening: onListening)
    }

    /// Listens and serves until the task is cancelled; then returns after a graceful shutdown.
    ///
    /// On cancellation the port is closed at once, idle connections end after `lastRequestTimeout`, and running
    /// requests have `shutdownTimeout` to finish before they are cancelled and cut off. A handler that ignores its cancellation
    /// delays the return. Throws `HTTPServerError` when it cannot listen.
    package func run() async throws(HTTPServerError) {
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: configuration.threads)
        let events = ServerEvents()
        let service = ConnectionService(
            configuration: configuration, router: router,
            registry: ConnectionRegistry(limit: configuration.maximumConnections, onDrained: { events.finish() }),
            budget: BodyBudget(limit: configuration.maximumBufferedBodyBytes), logger: logger, observer: observer,
            submit: { events.send(.exchange($0)) }, secondsSince1970: { time(nil) })
        do {
            let listener = try await listen(on: loops, service)
            onListening(listener.localAddress?.port ?? configuration.port)
            await serve(events, listener, service)
        } catch {
            await stop(loops)
            throw .cannotListen(host: configuration.host, port: configuration.port, reason: "\(error)")
        }
        await stop(loops)
    }

    private func serve(_ events: ServerEvents, _ listener: any Channel, _ service: ConnectionService) async {
        // Not a child: cancelling `run` must begin the shutdown, not cancel the requests that it lets finish.
        let requests = Task {
            await withDiscardingTaskGroup { group in
                for await event in events.stream {
                    switch event {
                    case .exchange(let exchange): group.addTask { await exchange.serve() }
                    case .deadlinePassed: group.cancelAll()
                    }
                }
            }
        }
        await withTaskCancellationHandler {
            await requests.value
        } onCancel: {
            listener.close(promise: nil)
            listener.eventLoop.scheduleTask(in: TimeAmount(configuration.shutdownTimeout)) {
                events.send(.deadlinePassed)
                service.registry.closeAll()
            }
            service.registry.drain()
        }
    }

    private func listen(
        on loops: MultiThreadedEventLoopGroup, _ service: ConnectionService
    ) async throws -> any Channel {
        try await ServerBootstrap(group: loops)
            .serverChannelOption(ChannelOptions.backlog, value: 1024)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            // Also bounds what arrives unasked for when a peer half-closes; accepted sockets inherit it.
            .serverChannelOption(ChannelOptions.socketOption(.so_rcvbuf), value: 128 * 1024)
            .childChannelOption(ChannelOptions.socketOption(.tcp_nodelay), value: 1)
            .childChannelOption(ChannelOptions.autoRead, value: false)
            .childChannelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
            .childChannelOption(ChannelOptions.maxMessagesPerRead, value: 1)
            .childChannelInitializer { channel in
                guard service.registry.admit(channel) else { return channel.close() }
                return channel.eventLoop.makeCompletedFuture {
                    let gate = InputGate(limit: service.configuration.maximumHeaderBytes)
                    try channel.pipeline.syncOperations.addHandlers([
                        gate, ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)),
                        ConnectionHandler(service: service, gate: gate),
                    ])
                }
            }
            .bind(host: configuration.host, port: configuration.port).get()
    }

    private func stop(_ loops: MultiThreadedEventLoopGroup) async {
        do {
            try await loops.shutdownGracefully()
        } catch {
            logger.error("HTTP event loops did not stop", metadata: ["error": "\(error)"])
        }
    }
}

/// Why the server did not run.
package enum HTTPServerError: Error, Equatable {
    /// The address is in use, not ours or not permitted; the reason is the system's.
    case cannotListen(host: String, port: Int, reason: String)
}

/// What the event loops tell the task that owns the requests.
///
/// Unbounded, but never long: a connection has at most one exchange and their number is limited.
private struct ServerEvents: Sendable {
    enum Event: Sendable {
        case exchange(Exchange)
        case deadlinePassed
    }

    let stream: AsyncStream<Event>
    private let continuation: AsyncStream<Event>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    func send(_ event: Event) { continuation.yield(event) }

    func finish() { continuation.finish() }
}
