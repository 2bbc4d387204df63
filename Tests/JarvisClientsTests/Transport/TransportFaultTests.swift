// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import JarvisClients

/// What each fault of a server is called, and that none of them hangs.
@Suite(.timeLimit(.minutes(1)))
struct TransportFaultTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let name: String
        var request = OutboundRequest(url: "")
        let script: HostileServer.Script
        let expected: @Sendable (Peer) -> TransportError

        var testDescription: String { name }
    }

    static let faults: [Fault] = [
        Fault(
            name: "hangs before the head", request: OutboundRequest(url: "", timeouts: .total(.milliseconds(300))),
            script: { $0.waitForClose() }, expected: { .timeout(.response, $0) }),
        Fault(
            name: "hangs in the head", request: OutboundRequest(url: "", timeouts: .total(.milliseconds(300))),
            script: { after($0, "HTTP/1.1 200 OK\r\nConte") { $0.waitForClose() } },
            expected: { .timeout(.body, $0) }),
        Fault(
            name: "hangs in the body", request: OutboundRequest(url: "", timeouts: .total(.milliseconds(300))),
            script: { after($0, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab") { $0.waitForClose() } },
            expected: { .timeout(.body, $0) }),
        Fault(
            name: "drips",
            request: OutboundRequest(
                url: "",
                timeouts: OutboundTimeouts(pace: .init(bytesPerSecond: 1000, patience: .seconds(1)))),
            script: { connection in
                after(connection, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n") { connection in
                    while connection.send("x") { pause(milliseconds: 50) }
                }
            }, expected: { .timeout(.body, $0) }),
        Fault(
            name: "sends a huge body without length", request: OutboundRequest(url: "", maximumResponseBytes: 1000),
            script: { connection in
                after(connection, "HTTP/1.1 200 OK\r\n\r\n") { while $0.send([UInt8](repeating: 65, count: 4096)) {} }
            }, expected: { .tooLarge(.body(bytes: 1000), $0) }),
        Fault(
            name: "declares a huge body", request: OutboundRequest(url: "", maximumResponseBytes: 1000),
            script: { after($0, "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n") { $0.waitForClose() } },
            expected: { .tooLarge(.body(bytes: 1000), $0) }),
        Fault(
            name: "sends headers without end",
            script: {
                after($0, "HTTP/1.1 200 OK\r\n") { while $0.send("X-A: \(String(repeating: "a", count: 900))\r\n") {} }
            },
            expected: { .tooLarge(.headers(bytes: 65_536), $0) }),
        Fault(
            name: "sends interim answers without end",
            script: { after($0, "") { while $0.send("HTTP/1.1 100 Continue\r\nX-A: b\r\n\r\n") {} } },
            expected: { .tooLarge(.headers(bytes: 65_536), $0) }),
        Fault(
            name: "sends trailers without end",
            script: { connection in
                after(connection, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n") {
                    while $0.send("X-A: \(String(repeating: "a", count: 900))\r\n") {}
                }
            }, expected: { .tooLarge(.headers(bytes: 65_536), $0) }),
        Fault(
            name: "resets in the body",
            script: { after($0, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab") { $0.closeWillReset() } },
            expected: { .reset($0) }),
        Fault(name: "closes without a word", script: { _ = $0.readRequest() }, expected: { .reset($0) }),
        Fault(
            name: "ends before the declared length",
            script: { after($0, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab") { _ in } },
            expected: { .truncated($0) }),
        Fault(
            name: "ends in a chunk",
            script: { after($0, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nab") { _ in } },
            expected: { .truncated($0) }),
        Fault(
            name: "sends garbage for a chunk size",
            script: {
                after($0, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab") { $0.waitForClose() }
            },
            expected: { .protocolViolation($0) }),
        Fault(
            name: "declares two lengths",
            script: {
                after($0, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab") { $0.waitForClose() }
            },
            expected: { .protocolViolation($0) }),
        Fault(
            name: "does not speak HTTP", script: { after($0, "220 mail.example ESMTP\r\n") { $0.waitForClose() } },
            expected: { .protocolViolation($0) }),
        Fault(
            name: "sends a header without a name",
            script: { after($0, "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n") { $0.waitForClose() } },
            expected: { .protocolViolation($0) }),
    ]

    @Test(arguments: faults)
    func `a fault is named precisely`(fault: Fault) async throws {
        try await withServer(fault.script) { server in
            try await withTransport { transport in
                var request = fault.request
                request.url = "\(server.url)/path?token=query-secret"
                request.headers = [.bearer(SecretText("header-secret"))]
                let error = try #require(await failure(of: request, on: transport))
                #expect(error == fault.expected(Peer(host: "127.0.0.1", port: server.port)))
                #expect("\(error)".contains("127.0.0.1:\(server.port)"))
                for text in ["\(error)", error.shortDescription, String(reflecting: error)] {
                    #expect(!text.contains("secret"))
                }
                try await eventually("the connection is closed") { server.openConnections == 0 }
            }
        }
    }

    @Test func `a closed port refuses`() async throws {
        let server = try HostileServer { _ in }
        let port = server.port
        server.stop()
        try await withTransport { transport in
            try await eventually("the port is refused") {
                await failure(of: OutboundRequest(url: "http://127.0.0.1:\(port)/"), on: transport)
                    == .connect(.refused, Peer(host: "127.0.0.1", port: port))
            }
        }
    }

    @Test func `a name that does not exist is not resolved`() async throws {
        try await withTransport { transport in
            let error = await failure(of: OutboundRequest(url: "http://nowhere.invalid/"), on: transport)
            #expect(error == .resolve(Peer(host: "nowhere.invalid", port: 80)))
        }
    }

    private static func after(_ connection: ServerConnection, _ bytes: String, _ then: (ServerConnection) -> Void) {
        _ = connection.readRequest()
        connection.send(bytes)
        then(connection)
    }
}
