// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import JarvisClients

@Suite(.timeLimit(.minutes(1)))
struct TransportTLSTests {
    private func withPeer(
        name: String, arguments: [String] = ["-www"], _ body: (TLSPeer, HTTPTransport, Peer) async throws -> Void
    ) async throws {
        let peer = try await TLSPeer(name: name, arguments: arguments)
        defer { peer.stop() }
        try await withTransport { try await body(peer, $0, Peer(host: "127.0.0.1", port: peer.port)) }
    }

    @Test func `an authority of one's own is trusted where it is named and nowhere else`() async throws {
        try await withPeer(name: "IP:127.0.0.1") { server, transport, peer in
            var request = OutboundRequest(url: "https://127.0.0.1:\(server.port)/")
            let error = await failure(of: request, on: transport)
            #expect(error == .tls(.untrusted, peer))
            request.trust = .authorities(file: server.authority)
            let answer = try await transport.send(request)
            #expect(answer.status == 200)
            // The connection that is open now was trusted for another reason.
            request.trust = .system
            let second = await failure(of: request, on: transport)
            #expect(second == .tls(.untrusted, peer))
        }
    }

    @Test func `a certificate for another name is refused`() async throws {
        try await withPeer(name: "DNS:somewhere.else") { server, transport, peer in
            let trust = TLSTrust.authorities(file: server.authority)
            let request = OutboundRequest(url: "https://127.0.0.1:\(server.port)/", trust: trust)
            let error = await failure(of: request, on: transport)
            #expect(error == .tls(.wrongName, peer))
        }
    }

    @Test func `a file of authorities that is none is an error of its own`() async throws {
        try await withPeer(name: "IP:127.0.0.1") { server, transport, peer in
            let request = OutboundRequest(
                url: "https://127.0.0.1:\(server.port)/", trust: .authorities(file: "/nonexistent/ca.pem"))
            let error = await failure(of: request, on: transport)
            #expect(error == .tls(.authorities, peer))
        }
    }

    @Test func `an old protocol version is refused`() async throws {
        try await withPeer(name: "IP:127.0.0.1", arguments: ["-www", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0"]) {
            server, transport, peer in
            let trust = TLSTrust.authorities(file: server.authority)
            let request = OutboundRequest(url: "https://127.0.0.1:\(server.port)/", trust: trust)
            let error = await failure(of: request, on: transport)
            #expect(error == .tls(.handshake, peer))
        }
    }

    @Test func `a server that hangs in the handshake times out there`() async throws {
        try await withServer({ $0.waitForClose() }) { server in
            try await withTransport { transport in
                let request = OutboundRequest(
                    url: "https://127.0.0.1:\(server.port)/", timeouts: .total(.milliseconds(300)))
                let peer = Peer(host: "127.0.0.1", port: server.port)
                let error = await failure(of: request, on: transport)
                #expect(error == .timeout(.tlsHandshake, peer))
            }
        }
    }

    @Test func `a server without TLS is refused in the handshake`() async throws {
        try await withServer({ $0.send("HTTP/1.1 400 Bad Request\r\n\r\n") }) { server in
            try await withTransport { transport in
                let peer = Peer(host: "127.0.0.1", port: server.port)
                let request = OutboundRequest(url: "https://127.0.0.1:\(server.port)/")
                let error = await failure(of: request, on: transport)
                #expect(error == .tls(.handshake, peer))
            }
        }
    }

    @Test func `a port that does not complete the connection is no matter of TLS`() async throws {
        let full = try FullBacklog()
        defer { full.close() }
        try await withTransport { transport in
            let request = OutboundRequest(
                url: "https://127.0.0.1:\(full.port)/", timeouts: OutboundTimeouts(connect: .milliseconds(300)))
            let error = await failure(of: request, on: transport)
            #expect(error == .timeout(.connect, Peer(host: "127.0.0.1", port: full.port)))
        }
    }
}
