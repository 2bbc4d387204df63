// SPDX-License-Identifier: Apache-2.0

import JarvisHTTP
import Testing

extension LiveServerTests {
    @Suite struct Exchanges {
        @Test func `a response has the fields the server answers for, once`() async throws {
            let meddling = Route(.get, "/meddle") { _, _ in
                HTTPServerResponse(
                    status: .ok,
                    headers: [
                        "Content-Length": "999", "Transfer-Encoding": "chunked", "Connection": "upgrade",
                        "Cache-Control": "max-age=60", "Set-Cookie": "a=1", "set-cookie": "b=2",
                    ], body: Array("ok".utf8))
            }
            try await withServer(standardRoutes() + [meddling]) { port in
                let peer = try RawPeer(port: port)
                try peer.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\nGET /meddle HTTP/1.1\r\nHost: a\r\n\r\n")
                let plain = try peer.readResponse()
                #expect(plain.head.hasPrefix("HTTP/1.1 200 OK\r\n"))
                #expect(plain.field("content-length") == "6")
                #expect(plain.field("x-content-type-options") == "nosniff")
                #expect(plain.field("cache-control") == "no-store")
                #expect(plain.field("connection") == nil)
                #expect(plain.field("date")?.hasSuffix(" GMT") == true)
                let meddled = try peer.readResponse()
                #expect(meddled.text == "ok")
                #expect(meddled.field("content-length") == "2")
                #expect(meddled.field("cache-control") == "max-age=60")
                #expect(!meddled.head.lowercased().contains("transfer-encoding"))
                #expect(meddled.head.contains("Set-Cookie: a=1\r\nset-cookie: b=2"))
            }
        }

        @Test(arguments: ["x\r\nSet-Cookie: stolen=1", "x\nSet-Cookie: stolen=1", "\0"])
        func `a handler cannot inject a field`(value: String) async throws {
            let route = Route(.get, "/inject") { _, _ in
                HTTPServerResponse(status: .seeOther, headers: ["Location": value])
            }
            try await withServer([route]) { port in
                let peer = try RawPeer(port: port)
                try peer.send("GET /inject HTTP/1.1\r\nHost: a\r\n\r\n")
                let response = try peer.readResponse()
                #expect(response.status == 500)
                #expect(!response.head.contains("stolen"))
            }
        }

        @Test func `HEAD, 204 and 304 carry no content and keep the connection in step`() async throws {
            let routes =
                standardRoutes() + [
                    Route(.get, "/none") { _, _ in HTTPServerResponse(status: .noContent, body: [1, 2, 3]) },
                    Route(.get, "/same") { _, _ in HTTPServerResponse(status: .notModified, body: [1, 2, 3]) },
                ]
            try await withServer(routes) { port in
                let peer = try RawPeer(port: port)
                try peer.send("HEAD /hello?name=x HTTP/1.1\r\nHost: a\r\n\r\n")
                let head = try peer.readResponse(toHead: true)
                #expect(head.status == 200)
                #expect(head.field("content-length") == "7")
                for (path, status) in [("/none", 204), ("/same", 304)] {
                    try peer.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
                    let response = try peer.readResponse(toHead: true)
                    #expect(response.status == status)
                    #expect(response.field("content-length") == nil)
                }
                try peer.send("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                #expect(try peer.readResponse().text == "hello ")
                #expect(try peer.readToEnd() == [])
            }
        }

        @Test func `HTTP 1.0 needs no Host and ends the connection`() async throws {
            try await withServer { port in
                let peer = try RawPeer(port: port)
                try peer.send("GET /hello HTTP/1.0\r\n\r\n")
                let response = try peer.readResponse()
                #expect(response.text == "hello ")
                #expect(response.field("connection") == "close")
                #expect(try peer.readToEnd() == [])
            }
        }

        @Test func `an offer to upgrade is ignored`() async throws {
            try await withServer { port in
                let peer = try RawPeer(port: port)
                try peer.send(
                    "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n\u{1}\u{2}")
                let response = try peer.readResponse()
                #expect(response.status == 200)
                #expect(response.field("connection") == "close")
                #expect(try peer.readToEnd() == [])
            }
        }

        @Test func `a hundred pipelined requests are answered in order, one at a time`() async throws {
            let running = PeakCounter()
            let route = Route(.post, "/count/{id}") { request, parameters in
                running.enter()
                await Task.yield()
                running.leave()
                return .text("\(parameters["id"] ?? "") \(String(decoding: request.body, as: UTF8.self))")
            }
            try await withServer([route]) { port in
                let peer = try RawPeer(port: port)
                try peer.send(
                    (0..<100).map { "POST /count/\($0) HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab\($0 % 10)" }
                        .joined())
                for number in 0..<100 {
                    #expect(try peer.readResponse().text == "\(number) ab\(number % 10)")
                }
            }
            #expect(running.peak == 1)
        }

        @Test func `a fault behind a good request is answered after it`() async throws {
            try await withServer { port in
                let peer = try RawPeer(port: port)
                try peer.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\nGET /hello HTTP/1.1\r\n\r\n")
                #expect(try peer.readResponse().status == 200)
                #expect(try peer.readResponse().status == 400)
                #expect(try peer.readToEnd() == [])
                let other = try RawPeer(port: port)
                try other.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n\u{1}\u{2}\u{3}")
                #expect(try other.readResponse().status == 200)
                #expect(try other.readResponse().status == 400)
                #expect(try other.readToEnd() == [])
            }
        }

        @Test func `a client that has shut its side gets all its responses`() async throws {
            try await withServer { port in
                let peer = try RawPeer(port: port)
                try peer.send(String(repeating: "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", count: 500))
                peer.shutdownWriting()
                for _ in 0..<500 { #expect(try peer.readResponse().text == "hello ") }
                #expect(try peer.readToEnd() == [])
            }
        }

        @Test func `content cut off by the end of the connection is no request`() async throws {
            let log = ObservationLog()
            try await withServer(log: log) { port in
                let peer = try RawPeer(port: port)
                try peer.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
                peer.shutdownWriting()
                let answer = String(decoding: try peer.readToEnd(), as: UTF8.self)
                #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 400 "))
            }
            #expect(log.all.allSatisfy { $0.route == nil })
        }

        @Test func `100 Continue is sent only when the content is wanted`() async throws {
            try await withServer { port in
                let wanted = try RawPeer(port: port)
                try wanted.send("POST /small HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\n")
                #expect(try wanted.readResponse().status == 100)
                try wanted.send("abc")
                #expect(try wanted.readResponse().text == "3")

                for (path, length, status) in [("/small", 11, 413), ("/nowhere", 3, 404), ("/hello", 3, 405)] {
                    let refused = try RawPeer(port: port)
                    try refused.send(
                        "POST \(path) HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: \(length)\r\n\r\n")
                    #expect(try refused.readResponse().status == status)
                    #expect(try refused.readToEnd() == [])
                }
            }
        }

        @Test func `every request is observed by its route and not by its path`() async throws {
            let log = ObservationLog()
            let routes = [
                Route(.get, "/x/{id}") { _, _ in .text("") },
                Route(.get, "/fail") { _, _ in throw RawPeerError.closed },
            ]
            try await withServer(routes, log: log) { port in
                let peer = try RawPeer(port: port)
                for path in ["/x/1", "/x/2", "/fail", "/nowhere"] {
                    try peer.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
                    _ = try peer.readResponse()
                }
            }
            #expect(log.all.map(\.route) == ["/x/{id}", "/x/{id}", "/fail", nil])
            #expect(log.all.map(\.status) == [.ok, .ok, .internalServerError, .notFound])
            #expect(log.all.allSatisfy { $0.method == .get })
        }
    }
}
