// SPDX-License-Identifier: Apache-2.0
import Glibc
import Testing

@testable import JarvisClients

/// Cancellation, shutdown, reuse and bounds.
@Suite(.timeLimit(.minutes(2)))
struct TransportLifecycleTests {
    @Test func `cancelling the task ends the transfer and closes its connection`() async throws {
        try await withServer({ connection in
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab")
            connection.waitForClose()
        }) { server in
            try await withTransport { transport in
                let task = Task { await failure(of: OutboundRequest(url: server.url), on: transport) }
                try await eventually("the server has the connection") { server.openConnections == 1 }
                task.cancel()
                // The server never ends the answer: only cancellation can end the transfer like this.
                #expect(await task.value == .cancelled)
                try await eventually("the connection is closed") { server.openConnections == 0 }
            }
        }
    }

    @Test func `a task that is cancelled already sends nothing that matters and ends`() async throws {
        try await withServer({ $0.waitForClose() }) { server in
            try await withTransport { transport in
                let task = Task {
                    withUnsafeCurrentTask { $0?.cancel() }
                    return await failure(of: OutboundRequest(url: server.url), on: transport)
                }
                #expect(await task.value == .cancelled)
            }
        }
    }

    @Test func `a request that waits for its turn can be cancelled and can run out of time`() async throws {
        try await withServer({ $0.waitForClose() }) { server in
            try await withTransport(.init(maximumTransfers: 1)) { transport in
                let first = Task { await failure(of: OutboundRequest(url: server.url), on: transport) }
                try await eventually("the only slot is taken") { server.openConnections == 1 }
                let hurried = OutboundRequest(url: server.url, timeouts: .total(.milliseconds(200)))
                #expect(
                    await failure(of: hurried, on: transport)
                        == .timeout(.queue, Peer(host: "127.0.0.1", port: server.port)))
                let second = Task { await failure(of: OutboundRequest(url: server.url), on: transport) }
                second.cancel()
                #expect(await second.value == .cancelled)
                #expect(server.acceptedConnections == 1)
                first.cancel()
                #expect(await first.value == .cancelled)
            }
        }
    }

    @Test func `shutdown ends what runs and what waits, and refuses what comes`() async throws {
        try await withServer({ $0.waitForClose() }) { server in
            let transport = HTTPTransport(configuration: .init(maximumTransfers: 2))
            let tasks = (0..<5).map { _ in
                Task { await failure(of: OutboundRequest(url: server.url), on: transport) }
            }
            try await eventually("two are running") { server.openConnections == 2 }
            await transport.shutdown()
            for task in tasks { #expect(await task.value == .shutdown) }
            let late = await failure(of: OutboundRequest(url: server.url), on: transport)
            #expect(late == .shutdown)
            await transport.shutdown()
            try await eventually("the connections are closed") { server.openConnections == 0 }
        }
    }

    @Test func `a transport that nobody holds any more lets go of its connections`() async throws {
        try await withAnsweringServer({ $1.respond() }) { server in
            _ = try await HTTPTransport().send(OutboundRequest(url: server.url))
            try await eventually("the connection is closed") { server.openConnections == 0 }
        }
    }

    @Test func `shutting down a transport that never ran returns`() async {
        await HTTPTransport().shutdown()
    }

    @Test func `requests one after the other share a connection`() async throws {
        try await withAnsweringServer({ $1.respond() }) { server in
            try await withTransport { transport in
                for number in 0..<10 {
                    let answer = try await transport.send(OutboundRequest(url: server.url))
                    #expect(answer.timing.openedConnection == (number == 0))
                }
                #expect(server.acceptedConnections == 1)
            }
        }
    }

    @Test func `two thousand requests leave descriptors flat`() async throws {
        try await withAnsweringServer({ $1.respond() }) { server in
            try await withTransport { transport in
                for number in 0..<2000 {
                    // Every fourth takes a connection of its own, which must not be left behind.
                    let method: OutboundRequest.Method = number.isMultiple(of: 4) ? .post : .get
                    _ = try await transport.send(OutboundRequest(method: method, url: server.url))
                    #expect(server.openConnections <= 40)
                }
                #expect(server.requests.count == 2000)
            }
            try await eventually("all connections are closed") { server.openConnections == 0 }
        }
    }

    @Test func `sixty-four at once are served within the bounds`() async throws {
        try await withAnsweringServer({ $1.respond() }) { server in
            try await withTransport(.init(maximumTransfersPerPeer: 8, maximumKeptConnections: 8)) { transport in
                let statuses = await withTaskGroup(of: Int?.self) { group in
                    for _ in 0..<64 {
                        group.addTask { try? await transport.send(OutboundRequest(url: server.url)).status }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                #expect(statuses == Array(repeating: 200, count: 64))
                #expect(server.acceptedConnections <= 8)
                #expect(server.openConnections > 0)
            }
        }
    }

    @Test func `idle connections are bounded`() async throws {
        try await withAnsweringServer({ $1.respond() }) { server in
            try await withTransport(.init(maximumKeptConnections: 4)) { transport in
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<64 {
                        group.addTask { _ = try? await transport.send(OutboundRequest(url: server.url)) }
                    }
                }
                try await eventually("four are left") { server.openConnections <= 4 }
                #expect(server.openConnections > 0)
            }
        }
    }

    @Test func `a line that is full refuses`() async throws {
        try await withServer({ $0.waitForClose() }) { server in
            let transport = HTTPTransport(configuration: .init(maximumTransfers: 1, maximumWaiting: 2))
            let errors = await withTaskGroup(of: TransportError?.self) { group in
                for _ in 0..<6 {
                    group.addTask { await failure(of: OutboundRequest(url: server.url), on: transport) }
                }
                var errors: [TransportError?] = []
                for await error in group {
                    errors.append(error)
                    if errors.count == 3 { await transport.shutdown() }
                }
                return errors
            }
            #expect(errors.filter { $0 == .saturated(limit: 2) }.count == 3)
            #expect(errors.filter { $0 == .shutdown }.count == 3)
        }
    }

    @Test(arguments: [true, false])
    func `a change is never sent twice, a query may be`(isRepeatable: Bool) async throws {
        // The server answers once and then closes each connection on the next request: a dead kept-alive connection.
        try await withAnsweringServer({ request, connection in
            if request.path == "/first" { return connection.respond() }
            connection.closeWillReset()
            connection.hangUp()
        }) { server in
            try await withTransport { transport in
                _ = try await transport.send(OutboundRequest(url: "\(server.url)/first"))
                let change = OutboundRequest(method: .post, url: "\(server.url)/change", isRepeatable: isRepeatable)
                let error = await failure(of: change, on: transport)
                #expect(error == .reset(Peer(host: "127.0.0.1", port: server.port)))
                let arrivals = server.requests.filter { $0.path == "/change" }.count
                if isRepeatable { #expect(arrivals == 2) } else { #expect(arrivals == 1) }
            }
        }
    }

    @Test func `proxy variables of the environment are not read`() async throws {
        // In a process of its own: the environment belongs to every test in this one.
        await #expect(processExitsWith: .success) {
            setenv("http_proxy", "http://127.0.0.1:1", 1)
            try await withAnsweringServer({ $1.respond() }) { server in
                try await withTransport { transport in
                    let answer = try await transport.send(OutboundRequest(url: server.url))
                    #expect(answer.status == 200)
                }
            }
        }
    }

    @Test func `a proxy that is configured is used`() async throws {
        try await withAnsweringServer({ $1.respond(body: "from the proxy") }) { proxy in
            try await withTransport(.init(proxy: proxy.url)) { transport in
                let answer = try await transport.send(OutboundRequest(url: "http://elsewhere.invalid/x"))
                #expect(answer.body == Array("from the proxy".utf8))
                #expect(proxy.requests.map(\.path) == ["http://elsewhere.invalid/x"])
            }
        }
    }
}
