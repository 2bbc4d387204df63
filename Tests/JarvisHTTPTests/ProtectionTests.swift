// SPDX-License-Identifier: Apache-2.0

import Glibc
import JarvisHTTP
import Synchronization
import Testing

extension LiveServerTests {
    @Suite struct Protection {
        /// What to send on and on, and what it begins with.
        private static let floods = [
            HostileRequest("header fields", "GET /hello HTTP/1.1\r\nHost: a\r\n|X-Filler: abcdefgh\r\n", 431),
            HostileRequest("one header field", "GET /hello HTTP/1.1\r\nHost: a\r\nX: |abcdefghijklmnop", 431),
            HostileRequest("a target", "GET /|abcdefghijklmnop", 414, 431),
            HostileRequest("empty lines", "\r\n|\r\n\r\n\r\n\r\n", 431),
            HostileRequest(
                "a chunk extension",
                "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;|abcdefghijklm", 431),
            HostileRequest(
                "a trailer",
                "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n|X-Filler: abcdefgh\r\n",
                431),
        ]

        @Test(arguments: floods)
        func `a flood of 100 MB is cut off and takes no memory`(flood: HostileRequest) async throws {
            let parts = flood.bytes.split(separator: "|", maxSplits: 1).map(String.init)
            let megabyte = Array(String(repeating: parts[1], count: 1_048_576 / parts[1].utf8.count).utf8)
            // Other test targets share the process, so memory may grow without our doing; then it is looked at again.
            var growth = Int.max
            for _ in 0..<3 where growth > 8 << 20 {
                growth = try await withServer { port in
                    let before = try residentBytes()
                    var peak = before
                    let peer = try RawPeer(port: port)
                    try peer.send(parts[0])
                    var sent = 0
                    do {
                        while sent < 100 {
                            try peer.send(megabyte)
                            sent += 1
                            peak = max(peak, try residentBytes())
                        }
                    } catch RawPeerError.closed {}
                    #expect(sent < 10)
                    let response = try peer.readResponse()
                    #expect(flood.statuses.contains(response.status))
                    _ = try peer.readToEnd()
                    return max(peak, try residentBytes()) - before
                }
            }
            #expect(growth < 8 << 20)
        }

        @Test func `a head just within the limit is read and one just above is not`() async throws {
            try await withServer { port in
                for (filler, status) in [(65_536 - 200, 200), (65_536 - 20, 431)] {
                    let peer = try RawPeer(port: port)
                    try peer.send("GET /hello HTTP/1.1\r\nHost: a\r\n")
                    let lines = (0..<8).map { "X\($0): \(String(repeating: "x", count: filler / 8 - 6))\r\n" }
                    try peer.send(lines.joined() + "\r\n")
                    #expect(try peer.readResponse().status == status)
                }
            }
        }

        @Test func `content above the limit is refused before it is read`() async throws {
            try await withServer { port in
                let announced = try RawPeer(port: port)
                try announced.send("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n")
                #expect(try announced.readResponse().status == 413)
                #expect(try announced.readToEnd() == [])

                let chunked = try RawPeer(port: port)
                try chunked.send(
                    "POST /small HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n5\r\nabcde\r\n"
                )
                #expect(try chunked.readResponse().status == 413)
                #expect(try chunked.readToEnd() == [])

                let default8 = try RawPeer(port: port)
                try default8.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: \((8 << 20) + 1)\r\n\r\n")
                #expect(try default8.readResponse().status == 413)
            }
        }

        @Test func `content up to the limit comes back whole`() async throws {
            try await withServer { port in
                let content = (0..<8 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
                let peer = try RawPeer(port: port)
                try peer.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: \(content.count)\r\n\r\n")
                try peer.send(content)
                #expect(try peer.readResponse().body == content)
            }
        }

        @Test func `a client that is still sending sees why it was refused`() async throws {
            try await withServer { port in
                let peer = try RawPeer(port: port)
                try peer.send("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n")
                try peer.send([UInt8](repeating: 0x61, count: 500_000))
                #expect(try peer.readResponse().status == 413)
                #expect(try peer.readToEnd() == [])
                // A reset makes many clients drop the response that came before it.
                #expect(!peer.wasReset)
            }
        }

        @Test func `pipelined requests wait as bytes, not as messages`() async throws {
            let running = PeakCounter()
            let flood = Array(String(repeating: "GET /x HTTP/1.1\r\nHost:a\r\n\r\n", count: 3000).utf8)
            var growth = Int.max
            for _ in 0..<3 where growth > 32 << 20 {
                // Of its own, because what waits at it is cancelled with the server, and whoever comes then passes.
                let latch = Latch()
                let stuck = Route(.get, "/stuck") { _, _ in
                    running.enter()
                    await latch.wait()
                    return .text("")
                }
                growth = try await withServer([stuck], configure: { $0.shutdownTimeout = .milliseconds(1) }) { port in
                    let before = try residentBytes()
                    let alreadyRunning = running.now
                    let peers = try (0..<100).map { _ in try RawPeer(port: port) }
                    for peer in peers {
                        try peer.send("GET /stuck HTTP/1.1\r\nHost: a\r\n\r\n")
                        try peer.send(flood)
                        // The system hands over all it has received when it sees this end.
                        peer.shutdownWriting()
                    }
                    #expect(eventually { running.now == alreadyRunning + 100 })
                    // A later connection is served after what came before it has been dealt with.
                    let last = try RawPeer(port: port)
                    try last.send("GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n")
                    #expect(try last.readResponse().status == 404)
                    return try residentBytes() - before
                }
            }
            #expect(growth < 32 << 20)
        }

        @Test func `all requests together are held to one budget, and it is given back`() async throws {
            try await withServer(configure: { $0.maximumBufferedBodyBytes = 1000 }) { port in
                for _ in 0..<5 {
                    let holder = try RawPeer(port: port)
                    try holder.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n")
                    try holder.send([UInt8](repeating: 0x61, count: 800))
                    // Until the server has read what the holder sent, others still find room.
                    let refused = try eventually {
                        let other = try RawPeer(port: port)
                        try other.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 300\r\n\r\n")
                        try other.send([UInt8](repeating: 0x61, count: 300))
                        return try other.readResponse().status == 503
                    }
                    #expect(refused)
                    try holder.send([UInt8](repeating: 0x61, count: 100))
                    #expect(try holder.readResponse().body.count == 900)
                }
                let gone = try RawPeer(port: port)
                try gone.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n")
                try gone.send([UInt8](repeating: 0x61, count: 899))
                gone.shutdownWriting()
                _ = try gone.readToEnd()
                let whole = try RawPeer(port: port)
                try whole.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
                try whole.send([UInt8](repeating: 0x61, count: 1000))
                #expect(try whole.readResponse().status == 200)
            }
        }

        @Test func `too many connections are closed and places become free again`() async throws {
            try await withServer(configure: { $0.maximumConnections = 3 }) { port in
                var peers: [RawPeer] = []
                for _ in 0..<3 {
                    let peer = try RawPeer(port: port)
                    try peer.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                    #expect(try peer.readResponse().status == 200)
                    peers.append(peer)
                }
                for _ in 0..<20 { #expect(try RawPeer(port: port).readToEnd() == []) }
                peers.removeFirst()
                let isServed = try eventually {
                    let peer = try RawPeer(port: port)
                    do {
                        try peer.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                        return try peer.readResponse().status == 200
                    } catch RawPeerError.closed {
                        return false
                    }
                }
                #expect(isServed)
            }
        }

        @Test func `a place is taken until the handler has ended, though its client has gone`() async throws {
            let latch = Latch()
            let running = PeakCounter()
            let stuck = Route(.get, "/stuck") { _, _ in
                running.enter()
                await latch.wait()
                running.leave()
                return .text("done")
            }
            try await withServer(standardRoutes() + [stuck], configure: { $0.maximumConnections = 2 }) { port in
                for count in 1...2 {
                    let peer = try RawPeer(port: port)
                    try peer.send("GET /stuck HTTP/1.1\r\nHost: a\r\n\r\n")
                    #expect(eventually { running.now == count })
                }
                #expect(try RawPeer(port: port).readToEnd() == [])
                latch.open()
                #expect(eventually { running.now == 0 })
                let isServed = try eventually {
                    let peer = try RawPeer(port: port)
                    do {
                        try peer.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                        return try peer.readResponse().status == 200
                    } catch RawPeerError.closed {
                        return false
                    }
                }
                #expect(isServed)
            }
        }

        @Test func `two thousand idle connections leave room for a request and no descriptor behind`() async throws {
            var limit = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            let needed: rlim_t = 6000
            if limit.rlim_cur < needed {
                limit.rlim_cur = min(needed, limit.rlim_max)
                setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            }
            try #require(limit.rlim_cur >= needed)
            let before = openDescriptors()
            try await withServer(configure: { $0.maximumConnections = 3000 }) { port in
                let idle = try (0..<2000).map { _ in try RawPeer(port: port) }
                for peer in idle.prefix(1000) { try peer.send("GET /hel") }
                let peer = try RawPeer(port: port)
                try peer.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try peer.readResponse().status == 200)
                #expect(openDescriptors() > before + 4000)
            }
            #expect(try await offPool { eventually { openDescriptors() <= before + 200 } })
        }
    }
}
