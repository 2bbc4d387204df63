// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import JarvisClients

@Suite(.timeLimit(.minutes(1)))
struct TransportAnswerTests {
    @Test func `status, headers and body arrive as sent`() async throws {
        try await withAnsweringServer({ $1.respond("418 Teapot", headers: "X-Kind: tea\r\n", body: "pot") }) { server in
            try await withTransport { transport in
                let answer = try await transport.send(OutboundRequest(url: "\(server.url)/a?b=c#d"))
                #expect(answer.status == 418)
                #expect(answer.header("x-kind") == "tea")
                #expect(answer.body == Array("pot".utf8))
                #expect(answer.timing.openedConnection)
                #expect(answer.timing.total > .zero)
                #expect(server.requests.map(\.line) == ["GET /a?b=c HTTP/1.1"])
            }
        }
    }

    @Test(arguments: [OutboundRequest.Method.post, .put, .patch, .delete])
    func `method, headers and body reach the server unchanged`(method: OutboundRequest.Method) async throws {
        try await withAnsweringServer({ $1.respond() }) { server in
            try await withTransport { transport in
                let headers = [OutboundHeader("Content-Type", "text/plain"), .bearer(SecretText("t0ken"))]
                let request = OutboundRequest(
                    method: method, url: server.url, headers: headers, body: Array("a\0b".utf8))
                let answer = try await transport.send(request)
                #expect(answer.status == 200)
                let arrived = try #require(server.requests.first)
                #expect(arrived.line == "\(method.rawValue) / HTTP/1.1")
                #expect(arrived.body == "a\0b")
                #expect(arrived.header("Authorization") == "Bearer t0ken")
                #expect(arrived.header("Content-Type") == "text/plain")
                #expect(arrived.header("Expect") == nil)
            }
        }
    }

    @Test func `a POST without body and type says so`() async throws {
        try await withAnsweringServer({ $1.respond() }) { server in
            try await withTransport { transport in
                _ = try await transport.send(OutboundRequest(method: .post, url: server.url))
                let arrived = try #require(server.requests.first)
                #expect(arrived.header("Content-Length") == "0")
                #expect(arrived.header("Content-Type") == nil)
            }
        }
    }

    @Test func `basic credentials are encoded as RFC 7617 says`() {
        let header = OutboundHeader.basic(user: "Aladdin", password: SecretText("open sesame"))
        #expect(header.value.text == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
    }

    @Test func `a HEAD answer has no body whatever length it declares`() async throws {
        try await withAnsweringServer({ $1.send("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n") }) { server in
            try await withTransport { transport in
                let answer = try await transport.send(
                    OutboundRequest(method: .head, url: server.url, maximumResponseBytes: 9))
                #expect(answer.body.isEmpty)
                #expect(answer.header("Content-Length") == "99")
            }
        }
    }

    @Test func `interim answers are passed over`() async throws {
        let bytes =
            "HTTP/1.1 100 Continue\r\nX-A: no\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
            + "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok"
        try await withAnsweringServer({ $1.send(bytes) }) { server in
            try await withTransport { transport in
                let answer = try await transport.send(
                    OutboundRequest(method: .post, url: server.url, body: Array("x".utf8)))
                #expect(answer.status == 201)
                #expect(answer.headers.map(\.name) == ["Content-Length"])
                #expect(answer.body == Array("ok".utf8))
            }
        }
    }

    @Test func `trailers are not headers`() async throws {
        let bytes =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
            + "2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n"
        try await withAnsweringServer({ $1.send(bytes) }) { server in
            try await withTransport { transport in
                let answer = try await transport.send(OutboundRequest(url: server.url))
                #expect(answer.body == Array("ok".utf8))
                #expect(answer.header("X-Sum") == nil)
            }
        }
    }

    @Test func `an HTTP 1.0 answer ends with the connection`() async throws {
        try await withServer({ connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.0 200 OK\r\n\r\nold")
        }) { server in
            try await withTransport { transport in
                let answer = try await transport.send(OutboundRequest(url: server.url))
                #expect(answer.body == Array("old".utf8))
            }
        }
    }

    @Test func `a 204 has no body, and what follows it can't poison the next answer`() async throws {
        try await withAnsweringServer({ request, connection in
            if request.path == "/empty" {
                connection.send("HTTP/1.1 204 No Content\r\nContent-Length: 31\r\n\r\nHTTP/1.1 200 OK\r\n\r\npoison")
            } else {
                connection.respond(body: "clean")
            }
        }) { server in
            try await withTransport { transport in
                let empty = try await transport.send(OutboundRequest(url: "\(server.url)/empty"))
                #expect(empty.status == 204)
                #expect(empty.body.isEmpty)
                let next = try await transport.send(OutboundRequest(url: "\(server.url)/next"))
                #expect(next.body == Array("clean".utf8))
            }
        }
    }

    @Test func `bytes beyond the declared length can't poison the next answer`() async throws {
        try await withAnsweringServer({ request, connection in
            if request.path == "/long" {
                connection.send(
                    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")
            } else {
                connection.respond(body: "clean")
            }
        }) { server in
            try await withTransport { transport in
                let first = try await transport.send(OutboundRequest(url: "\(server.url)/long"))
                #expect(first.body == Array("ok".utf8))
                let next = try await transport.send(OutboundRequest(url: "\(server.url)/next"))
                #expect(next.body == Array("clean".utf8))
            }
        }
    }
}
