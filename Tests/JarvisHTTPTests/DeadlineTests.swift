// SPDX-License-Identifier: Apache-2.0

import JarvisHTTP
import Testing

extension LiveServerTests {
    @Suite struct Deadlines {
        @Test func `a head that trickles in is given up, however steadily it comes`() async throws {
            try await withServer(configure: { $0.headTimeout = .milliseconds(300) }) { port in
                let clock = ContinuousClock()
                // Before the connection, which the server's time counts from.
                let start = clock.now
                let peer = try RawPeer(port: port)
                // A byte at a time, each sent when the server has surely had the one before.
                let trickle = Array("GET /hello HTTP/1.1\r\nHost: a\r\n".utf8) + [UInt8](repeating: 0x61, count: 60_000)
                do {
                    for byte in trickle where clock.now - start < .seconds(20) { try peer.send([byte]) }
                } catch RawPeerError.closed {}
                let answer = String(decoding: try peer.readToEnd(), as: UTF8.self)
                #expect(answer.hasPrefix("HTTP/1.1 408 "))
                #expect(clock.now - start >= .milliseconds(300))
            }
        }

        @Test func `a connection that says nothing is closed without a word`() async throws {
            try await withServer(configure: { $0.headTimeout = .milliseconds(100) }) { port in
                let peer = try RawPeer(port: port)
                #expect(try peer.readToEnd() == [])
            }
        }

        @Test func `a kept connection may idle for its own time only`() async throws {
            try await withServer(configure: { $0.idleTimeout = .milliseconds(100) }) { port in
                let peer = try RawPeer(port: port)
                try peer.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try peer.readResponse().status == 200)
                #expect(try peer.readToEnd() == [])
            }
        }

        @Test func `the head of a second request has its own deadline`() async throws {
            try await withServer(configure: { $0.headTimeout = .milliseconds(200) }) { port in
                let peer = try RawPeer(port: port)
                try peer.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try peer.readResponse().status == 200)
                try peer.send("GET /hel")
                #expect(try peer.readResponse().status == 408)
                #expect(try peer.readToEnd() == [])
            }
        }

        @Test func `content that stops coming is given up`() async throws {
            try await withServer(configure: { $0.bodyProgressTimeout = .milliseconds(150) }) { port in
                let peer = try RawPeer(port: port)
                try peer.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc")
                #expect(try peer.readResponse().status == 408)
                #expect(try peer.readToEnd() == [])
            }
        }

        @Test func `content that keeps trickling in is given up in the end`() async throws {
            try await withServer(configure: { $0.bodyTimeout = .milliseconds(400) }) { port in
                let peer = try RawPeer(port: port)
                try peer.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
                let clock = ContinuousClock()
                let start = clock.now
                do {
                    while clock.now - start < .seconds(20) { try peer.send("1\r\na\r\n") }
                } catch RawPeerError.closed {}
                let answer = String(decoding: try peer.readToEnd(), as: UTF8.self)
                // So much may come in that time that the limit is reached first.
                #expect(answer.hasPrefix("HTTP/1.1 408 ") || answer.hasPrefix("HTTP/1.1 413 "))
            }
        }

        @Test func `a client that never reads is cut off, and costs no copy of the response`() async throws {
            let page = [UInt8](repeating: 0x61, count: 32 << 20)
            let route = Route(.get, "/page") { _, _ in HTTPServerResponse(status: .ok, body: page) }
            var growth = Int.max
            for _ in 0..<3 where growth > 16 << 20 {
                growth = try await withServer([route], configure: { $0.writeTimeout = .milliseconds(300) }) { port in
                    let start = try residentBytes()
                    let peers = try (0..<20).map { _ in try RawPeer(port: port, receiveBuffer: 4096) }
                    for peer in peers { try peer.send("GET /page HTTP/1.1\r\nHost: a\r\n\r\n") }
                    var peak = start
                    let areCut = try eventually {
                        peak = max(peak, try residentBytes())
                        return peers.allSatisfy(\.isReset)
                    }
                    #expect(areCut)
                    for peer in peers { #expect(try peer.readToEnd().count < page.count) }
                    return peak - start
                }
            }
            #expect(growth < 16 << 20)
        }

        @Test func `a slow client that does read gets everything`() async throws {
            let page = [UInt8](repeating: 0x61, count: 4 << 20)
            let route = Route(.get, "/page") { _, _ in HTTPServerResponse(status: .ok, body: page) }
            try await withServer([route], configure: { $0.writeTimeout = .seconds(10) }) { port in
                let peer = try RawPeer(port: port, receiveBuffer: 4096)
                try peer.send("GET /page HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try peer.readResponse().body == page)
            }
        }
    }
}
