// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import JarvisClients

struct OutboundRequestTests {
    @Test(
        arguments: [
            ("", .url), ("nonsense", .url), ("http://", .url), ("http:///path", .url), ("http://a b/", .url),
            ("http://h/\n", .url), ("http://h/\0x", .url), ("http://h:0/", .url), ("http://h:99999/", .url),
            ("http://[::1/", .url), ("file:///etc/passwd", .url), ("http:/h/", .url), ("http:h", .scheme),
            ("http://h\\@x/", .url), ("ftp://h/", .scheme), ("gopher://h/", .scheme),
            ("javascript:alert(1)", .scheme), ("http://user@h/", .userInfo), ("http://user:pw@h/", .userInfo),
            ("http://:@h/", .userInfo),
        ] as [(String, TransportError.InvalidRequest)])
    func `an address that is not plain http is refused before anything is sent`(
        url: String, reason: TransportError.InvalidRequest
    ) async throws {
        try await withTransport { transport in
            let error = await failure(of: OutboundRequest(url: url), on: transport)
            guard case .invalidRequest(let found) = error else {
                Issue.record("\(url.debugDescription) gave \(String(describing: error))")
                return
            }
            // The parser names a scheme it does not know before a host it can't read.
            #expect(found == reason || [found, reason].allSatisfy { $0 == .url || $0 == .scheme })
        }
    }

    @Test(arguments: [
        OutboundHeader("", "v"), OutboundHeader("a b", "v"), OutboundHeader("a:", "v"), OutboundHeader("ä", "v"),
        OutboundHeader("X", "a\r\nY: b"), OutboundHeader("X", "a\nb"), OutboundHeader("X", "a\0b"),
        OutboundHeader("X", secret: SecretText("a\rb")), OutboundHeader("X\r\nY", "b"),
    ])
    func `a header that would break the message is refused`(header: OutboundHeader) {
        #expect(throws: TransportError.invalidRequest(.header)) {
            try OutboundRequest(url: "http://h/", headers: [header]).validate()
        }
    }

    @Test(arguments: ["Content-Length", "transfer-encoding", "HOST", "Connection", "Expect", "Upgrade", "TE"])
    func `a header that only the transport may set is refused`(name: String) {
        #expect(throws: TransportError.invalidRequest(.reservedHeader)) {
            try OutboundRequest(url: "http://h/", headers: [OutboundHeader(name, "1")]).validate()
        }
    }

    @Test func `limits that make no sense are refused`() {
        let wrong: [(OutboundRequest, TransportError.InvalidRequest)] = [
            (OutboundRequest(url: "http://h/", timeouts: OutboundTimeouts(total: .zero)), .timeout),
            (OutboundRequest(url: "http://h/", timeouts: OutboundTimeouts(connect: .seconds(-1))), .timeout),
            (
                OutboundRequest(
                    url: "http://h/", timeouts: OutboundTimeouts(pace: .init(bytesPerSecond: 0, patience: .seconds(1)))),
                .timeout
            ),
            (OutboundRequest(url: "http://h/", maximumResponseBytes: -1), .sizeLimit),
            (OutboundRequest(url: "http://h/", body: []), .body),
            (OutboundRequest(url: "http://h/", trust: .authorities(file: "")), .trustFile),
        ]
        for (request, reason) in wrong {
            #expect(throws: TransportError.invalidRequest(reason)) { try request.validate() }
        }
    }

    @Test func `the fragment stays here and the default port is known`() throws {
        let address = try OutboundAddress("HTTPS://Example.ORG/p?q=1#secret")
        #expect(address.peer == Peer(host: "example.org", port: 443))
        #expect(address.url.hasSuffix("/p?q=1"))
        #expect(try OutboundAddress("http://[::1]:8080/").peer.description == "[::1]:8080")
    }

    @Test func `a secret can't be printed`() {
        let secret = SecretText("hunter2")
        let request = OutboundRequest(
            url: "http://h/hunter2?t=hunter2", headers: [.bearer(secret), .basic(user: "u", password: secret)])
        var dumped = ""
        dump(request, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), "\(request)", String(reflecting: request), dumped] {
            #expect(!text.contains("hunter2"))
            #expect(!text.contains("aHVudGVy"))
        }
        #expect("\(secret)" == "<secret>")
        #expect("\(request)" == "GET h:80")
    }

    @Test func `only reading is repeatable unless said otherwise`() {
        #expect(OutboundRequest(method: .get, url: "").isRepeatable)
        #expect(OutboundRequest(method: .head, url: "").isRepeatable)
        for method in [OutboundRequest.Method.post, .put, .patch, .delete] {
            #expect(!OutboundRequest(method: method, url: "").isRepeatable)
        }
    }
}
