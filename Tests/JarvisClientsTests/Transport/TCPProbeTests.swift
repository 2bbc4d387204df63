// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import JarvisClients

@Suite(.timeLimit(.minutes(1)))
struct TCPProbeTests {
    @Test func `an open port is open, a closed one refuses, a name that is none is unresolved`() async throws {
        try await withServer({ $0.waitForClose() }) { server in
            try await withTransport { transport in
                let probe = TCPProbe(transport: transport)
                #expect(try await probe.connect(host: "127.0.0.1", port: server.port) == .open)
                #expect(try await probe.connect(host: "nowhere.invalid", port: 80) == .unresolved)
                server.stop()
                try await eventually("the port is refused") {
                    try await probe.connect(host: "127.0.0.1", port: server.port) == .refused
                }
            }
        }
    }

    @Test func `a probe leaves nothing behind`() async throws {
        try await withServer({ $0.waitForClose() }) { server in
            try await withTransport { transport in
                for _ in 0..<200 {
                    let finding = try await TCPProbe(transport: transport).connect(host: "127.0.0.1", port: server.port)
                    #expect(finding == .open)
                }
                try await eventually("all connections have come and gone") {
                    server.acceptedConnections == 200 && server.openConnections == 0
                }
            }
        }
    }

    @Test func `a host that swallows packets times out`() async throws {
        // A listener whose backlog is full leaves the next handshakes without an answer.
        let full = try FullBacklog()
        defer { full.close() }
        try await withTransport { transport in
            let finding = try await TCPProbe(transport: transport).connect(
                host: "127.0.0.1", port: full.port, timeout: .milliseconds(300))
            #expect(finding == .timeout)
        }
    }

    @Test(arguments: [
        ("", 80), ("h", 0), ("h", 65_536), ("a@b", 80), ("h/x", 80), ("h?x", 80), ("h#x", 80), ("a b", 80),
    ])
    func `what is no host and port is refused`(host: String, port: Int) async throws {
        try await withTransport { transport in
            _ = await #expect(throws: TransportError.self) {
                try await TCPProbe(transport: transport).connect(host: host, port: port)
            }
        }
    }
}
