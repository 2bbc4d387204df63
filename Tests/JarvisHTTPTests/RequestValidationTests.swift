// SPDX-License-Identifier: Apache-2.0

import JarvisHTTP
import Testing

/// One piece of hostile input and the statuses that are right for it.
struct HostileRequest: Sendable, CustomTestStringConvertible {
    var name: String
    var bytes: String
    var statuses: Set<Int>

    init(_ name: String, _ bytes: String, _ statuses: Int...) {
        self.name = name
        self.bytes = bytes
        self.statuses = Set(statuses)
    }

    var testDescription: String { name }
}

extension LiveServerTests {
    @Suite struct RequestValidation {
        private static let requestLines = [
            HostileRequest("no method", " /hello HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            HostileRequest("lower-case method", "get /hello HTTP/1.1\r\nHost: a\r\n\r\n", 400, 501),
            HostileRequest("method of control bytes", "G\u{1}T /hello HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            HostileRequest("TLS client hello", "\u{16}\u{3}\u{1}\0\u{5}\r\n\r\n", 400),
            HostileRequest("unknown method", "BREW /hello HTTP/1.1\r\nHost: a\r\n\r\n", 400, 501),
            HostileRequest("method we don't have", "PROPFIND /hello HTTP/1.1\r\nHost: a\r\n\r\n", 501),
            HostileRequest("TRACE", "TRACE /hello HTTP/1.1\r\nHost: a\r\n\r\n", 501),
            HostileRequest("CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 400, 501),
            HostileRequest("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, 505),
            HostileRequest("HTTP/2.0", "GET /hello HTTP/2.0\r\nHost: a\r\n\r\n", 400, 505),
            HostileRequest("HTTP/0.9", "GET /hello HTTP/0.9\r\nHost: a\r\n\r\n", 400, 505),
            HostileRequest("HTTP/1.2", "GET /hello HTTP/1.2\r\nHost: a\r\n\r\n", 400, 505),
            HostileRequest("no version", "GET /hello\r\nHost: a\r\n\r\n", 400, 505),
            HostileRequest("absolute form", "GET http://a/hello HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            HostileRequest("asterisk form", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            HostileRequest("fragment", "GET /hello#x HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            HostileRequest("NUL in target", "GET /hel\0lo HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            HostileRequest("DEL in target", "GET /hel\u{7F}lo HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            HostileRequest("umlaut in target", "GET /hällo HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            HostileRequest("tab in target", "GET /hel\tlo HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            HostileRequest("space in target", "GET /hel lo HTTP/1.1\r\nHost: a\r\n\r\n", 400, 505),
            HostileRequest("encoded NUL", "GET /hello%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            HostileRequest("encoded slash", "GET /a%2fhello HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            HostileRequest("dot segments", "GET /a/../hello HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            HostileRequest("encoded dots", "GET /a/%2e%2e/hello HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            HostileRequest("half an escape", "GET /hello%4 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            HostileRequest(
                "long target", "GET /\(String(repeating: "a", count: 9000)) HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        ]

        private static let fields = [
            HostileRequest("no Host", "GET /hello HTTP/1.1\r\n\r\n", 400),
            HostileRequest("two Hosts", "GET /hello HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
            HostileRequest("two Hosts in 1.0", "GET /hello HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400),
            HostileRequest("empty Host", "GET /hello HTTP/1.1\r\nHost:\r\n\r\n", 400),
            HostileRequest("Host with path", "GET /hello HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
            HostileRequest("Host with user", "GET /hello HTTP/1.1\r\nHost: u@a\r\n\r\n", 400),
            HostileRequest("blank before colon", "GET /hello HTTP/1.1\r\nHost : a\r\n\r\n", 400),
            HostileRequest("name not a token", "GET /hello HTTP/1.1\r\nHost: a\r\nb@d: x\r\n\r\n", 400),
            HostileRequest("empty name", "GET /hello HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n", 400),
            HostileRequest("NUL in value", "GET /hello HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", 400),
            HostileRequest("escape in value", "GET /hello HTTP/1.1\r\nHost: a\r\nX: \u{1B}[2J\r\n\r\n", 400),
            HostileRequest("bare CR in value", "GET /hello HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", 400),
            HostileRequest("folded line", "GET /hello HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n", 400),
            HostileRequest("folded Host", "GET /hello HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", 400),
            HostileRequest(
                "unknown expectation", "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nContent-Length: 1\r\n\r\n", 417
            ),
        ]

        private static let framing = [
            HostileRequest(
                "TE and CL",
                "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
                400),
            HostileRequest(
                "CL and TE",
                "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                400),
            HostileRequest(
                "two CL", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400),
            HostileRequest("CL list", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 4\r\n\r\nabcd", 400),
            HostileRequest("CL with sign", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc", 400),
            HostileRequest("negative CL", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: -3\r\n\r\nabc", 400),
            HostileRequest("hex CL", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0x3\r\n\r\nabc", 400),
            HostileRequest("empty CL", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n", 400),
            HostileRequest(
                "CL overflow", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", 400),
            HostileRequest("TE gzip", "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 400, 501),
            HostileRequest(
                "TE gzip, chunked", "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
            HostileRequest(
                "TE xchunked", "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400,
                501),
            HostileRequest(
                "TE twice",
                "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
                400, 501),
            HostileRequest(
                "TE in 1.0", "POST /echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
            HostileRequest("chunk size not hex", chunked("zz\r\nabc\r\n0\r\n\r\n"), 400),
            HostileRequest("chunk size empty", chunked("\r\nabc\r\n0\r\n\r\n"), 400),
            HostileRequest("chunk size negative", chunked("-1\r\nabc\r\n0\r\n\r\n"), 400),
            HostileRequest("chunk size with 0x", chunked("0x3\r\nabc\r\n0\r\n\r\n"), 400),
            HostileRequest("chunk size overflow", chunked("10000000000000003\r\nabc\r\n0\r\n\r\n"), 400),
            HostileRequest(
                "chunk size beyond the limit", chunked("FFFFFFFFFFFFFF\r\n" + String(repeating: "a", count: 200)), 413),
            HostileRequest("chunk longer than its size", chunked("3\r\nabcdef\r\n0\r\n\r\n"), 400),
        ]

        private static func chunked(_ content: String) -> String {
            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + content
        }

        @Test(arguments: requestLines + fields + framing)
        func `hostile input is refused and ends the connection`(hostile: HostileRequest) async throws {
            let log = ObservationLog()
            try await withServer(log: log, configure: { $0.maximumBodyBytes = 100 }) { port in
                let peer = try RawPeer(port: port)
                // What follows must not be taken for a request: that would be smuggling.
                try peer.send(hostile.bytes + "GET /hello?name=smuggled HTTP/1.1\r\nHost: a\r\n\r\n")
                let response = try peer.readResponse()
                #expect(hostile.statuses.contains(response.status), "\(response)")
                #expect(response.field("connection") == "close")
                #expect(try peer.readToEnd() == [])
            }
            #expect(log.all.count == 1)
            #expect(log.all.first?.route == nil)
        }

        @Test func `what is allowed is taken as meant`() async throws {
            try await withServer { port in
                let peer = try RawPeer(port: port)
                try peer.send("\r\nGET /hello?name=%41+b HTTP/1.1\r\nhOST: [::1]:80\r\nX: \tä\t\r\nEmpty:\r\n\r\n")
                #expect(try peer.readResponse().text == "hello A b")
                try peer.send("GET /who HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try peer.readResponse().text == "127.0.0.1")
                try peer.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n")
                try peer.send("3;x=\"y\"\r\nabc\r\n00002\r\nde\r\n0\r\nTrailer: x\r\nNone:\r\n\r\n")
                #expect(try peer.readResponse().text == "abcde")
                try peer.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
                #expect(try peer.readResponse().text == "")
            }
        }
    }
}
