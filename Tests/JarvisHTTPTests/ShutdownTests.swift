// SPDX-License-Identifier: Apache-2.0

import JarvisHTTP
import Logging
import Testing

extension LiveServerTests {
    @Suite struct Shutdown {
        /// A server that a test can stop by itself, with handlers that wait for a latch.
        private func withStoppableServer(
            shutdownTimeout: Duration, lastRequestTimeout: Duration? = nil, latch: Latch, running: PeakCounter,
            _ body: (_ port: Int, _ stop: @escaping @Sendable () -> Void, _ ended: @Sendable () async throws -> Void)
                async throws -> Void
        ) async throws {
            var configuration = HTTPServerConfiguration(port: 0)
            configuration.shutdownTimeout = shutdownTimeout
            if let lastRequestTimeout { configuration.lastRequestTimeout = lastRequestTimeout }
            // Longer than a peer waits, so that only the shutdown can end an idle connection.
            configuration.headTimeout = .seconds(60)
            let (ports, port) = AsyncStream<Int>.makeStream()
            let route = Route(.get, "/wait") { _, _ in
                running.enter()
                await latch.wait()
                running.leave()
                return .text("finished")
            }
            let server = HTTPServer(
                configuration: configuration, router: try Router([route]),
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
                onListening: { port.yield($0) })
            let run = Task { try await server.run() }
            var iterator = ports.makeAsyncIterator()
            let number = try #require(await iterator.next())
            try await body(number, { run.cancel() }, { try await run.value })
        }

        @Test func `running requests finish, idle connections end and the port is closed`() async throws {
            let latch = Latch()
            let running = PeakCounter()
            try await withStoppableServer(shutdownTimeout: .seconds(30), latch: latch, running: running) {
                port, stop, ended in
                try await offPool {
                    let idle = try RawPeer(port: port)
                    let busy = try (0..<50).map { _ in try RawPeer(port: port) }
                    for peer in busy { try peer.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n") }
                    #expect(eventually { running.now == 50 })
                    stop()
                    #expect(try idle.readToEnd() == [])
                    #expect(eventually { (try? RawPeer(port: port)) == nil })
                    #expect(running.now == 50)
                    latch.open()
                    for peer in busy {
                        let response = try peer.readResponse()
                        #expect(response.text == "finished")
                        #expect(response.field("connection") == "close")
                        #expect(try peer.readToEnd() == [])
                    }
                }
                try await ended()
            }
        }

        @Test func `a handler that outlives the deadline is cancelled and cut off`() async throws {
            let latch = Latch()
            let running = PeakCounter()
            try await withStoppableServer(shutdownTimeout: .milliseconds(200), latch: latch, running: running) {
                port, stop, ended in
                try await offPool {
                    let peer = try RawPeer(port: port)
                    try peer.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
                    #expect(eventually { running.now == 1 })
                    stop()
                    // The latch is never opened: only cancellation ends the handler.
                    _ = try peer.readToEnd()
                }
                try await ended()
                #expect(running.now == 0)
            }
        }

        @Test func `a request that was on its way when the server began to end is answered`() async throws {
            let latch = Latch()
            latch.open()
            try await withStoppableServer(
                shutdownTimeout: .seconds(30), lastRequestTimeout: .seconds(20), latch: latch, running: PeakCounter()
            ) { port, stop, ended in
                try await offPool {
                    let kept = try RawPeer(port: port)
                    try kept.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
                    #expect(try kept.readResponse().text == "finished")
                    stop()
                    #expect(eventually { (try? RawPeer(port: port)) == nil })
                    try kept.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
                    let response = try kept.readResponse()
                    #expect(response.text == "finished")
                    #expect(response.field("connection") == "close")
                    #expect(try kept.readToEnd() == [])
                }
                try await ended()
            }
        }

        @Test func `no request that was taken in is lost under load`() async throws {
            let latch = Latch()
            latch.open()
            let running = PeakCounter()
            try await withStoppableServer(shutdownTimeout: .seconds(30), latch: latch, running: running) {
                port, stop, ended in
                let answered = try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<8 { group.addTask { try await offPool { try hammer(port: port) } } }
                    try await offPool { #expect(eventually { running.total >= 16 }) }
                    stop()
                    return try await group.reduce(0, +)
                }
                #expect(answered > 0)
                try await ended()
            }
        }

        @Test func `an address that is taken is an error`() async throws {
            try await withAsyncServer { port in
                let server = HTTPServer(
                    configuration: HTTPServerConfiguration(port: port), router: try Router([]),
                    logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
                await #expect(throws: HTTPServerError.self) { try await server.run() }
            }
        }
    }
}

/// Sends requests until the server ends the connection; fails if a response is cut off.
private func hammer(port: Int) throws -> Int {
    let peer = try RawPeer(port: port)
    var answered = 0
    while true {
        do {
            try peer.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
            let response = try peer.readResponse()
            #expect(response.text == "finished")
            answered += 1
            if response.field("connection") == "close" { return answered }
        } catch RawPeerError.closed {
            #expect(peer.isAtMessageBoundary)
            return answered
        }
    }
}
