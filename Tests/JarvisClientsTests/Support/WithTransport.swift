// SPDX-License-Identifier: Apache-2.0
@testable import JarvisClients

/// Lends a transport and shuts it down whatever happens.
func withTransport<Result>(
    _ configuration: HTTPTransport.Configuration = .init(), _ body: (HTTPTransport) async throws -> Result
) async throws -> Result {
    let transport = HTTPTransport(configuration: configuration)
    do {
        let result = try await body(transport)
        await transport.shutdown()
        return result
    } catch {
        await transport.shutdown()
        throw error
    }
}

/// Lends a server.
func withServer<Result>(
    _ script: @escaping HostileServer.Script, _ body: (HostileServer) async throws -> Result
) async throws -> Result {
    let server = try HostileServer(script)
    defer { server.stop() }
    return try await body(server)
}

/// Lends a server that answers every request and remembers it.
func withAnsweringServer<Result>(
    _ answer: @escaping @Sendable (ArrivedRequest, ServerConnection) -> Void,
    _ body: (HostileServer) async throws -> Result
) async throws -> Result {
    let server = try HostileServer.answering(answer)
    defer { server.stop() }
    return try await body(server)
}

/// What a request failed with; nil when it did not.
func failure(of request: OutboundRequest, on transport: HTTPTransport) async -> TransportError? {
    do throws(TransportError) {
        _ = try await transport.send(request)
        return nil
    } catch {
        return error
    }
}

extension OutboundTimeouts {
    static func total(_ limit: Duration) -> OutboundTimeouts { OutboundTimeouts(total: limit, pace: nil) }
}
