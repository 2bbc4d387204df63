// SPDX-License-Identifier: Apache-2.0

import Glibc
import JarvisApp
import Synchronization
import Testing

@Suite struct ServiceManagerTests {
    private final class Answers: Sendable {
        private let rest = Mutex([true, false, true])

        var areOver: Bool { rest.withLock { $0.isEmpty } }

        func next() -> Bool { rest.withLock { $0.isEmpty ? false : $0.removeFirst() } }
    }

    /// A socket like that of systemd.
    private final class Peer {
        let path: String
        let descriptor: Int32

        init(abstract: Bool = false) throws {
            let name = "/tmp/jarvis-notify-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
            path = abstract ? "@" + name : name
            descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            var bytes = Array(path.utf8)
            if abstract { bytes[0] = 0 }
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
            let length = socklen_t(2 + bytes.count)
            let status = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
            }
            try #require(status == 0)
        }

        deinit {
            close(descriptor)
            if path.first == "/" { unlink(path) }
        }

        func next() -> String? {
            var buffer = [UInt8](repeating: 0, count: 512)
            let count = recv(descriptor, &buffer, buffer.count, 0)
            return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
        }
    }

    @Test(arguments: [false, true]) func `messages arrive as they are written`(abstract: Bool) throws {
        let peer = try Peer(abstract: abstract)
        let manager = try #require(ServiceManager(environment: ["NOTIFY_SOCKET": peer.path]))
        #expect(manager.watchdog == nil)
        #expect(manager.tell(.ready, status: "serving"))
        #expect(peer.next() == "READY=1\nSTATUS=serving")
        #expect(manager.tell(.stopping))
        #expect(peer.next() == "STOPPING=1")
        #expect(peer.next() == nil)
    }

    @Test func `nobody is told where nobody asks, and an absent listener changes nothing`() throws {
        for path in [nil, "", "relative", "vsock:2:1", "/", "/" + String(repeating: "x", count: 107)] {
            #expect(ServiceManager(environment: path.map { ["NOTIFY_SOCKET": $0] } ?? [:]) == nil, "\(path ?? "nil")")
        }
        let manager = try #require(ServiceManager(environment: ["NOTIFY_SOCKET": "/nonexistent/socket"]))
        #expect(!manager.tell(.ready))
    }

    @Test func `the watchdog is for the process that is named`() {
        func watchdog(_ more: [String: String]) -> Duration? {
            ServiceManager(environment: ["NOTIFY_SOCKET": "/x"].merging(more) { $1 }, processID: 7)?.watchdog
        }
        #expect(watchdog(["WATCHDOG_USEC": "30000000"]) == .seconds(30))
        #expect(watchdog(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"]) == .seconds(30))
        #expect(watchdog(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "8"]) == nil)
        #expect(watchdog(["WATCHDOG_USEC": "0"]) == nil)
        #expect(watchdog(["WATCHDOG_USEC": "-5"]) == nil)
        #expect(watchdog(["WATCHDOG_USEC": "soon"]) == nil)
    }

    @Test func `it says that it lives only while it is well`() async throws {
        let peer = try Peer()
        let manager = try #require(
            ServiceManager(environment: ["NOTIFY_SOCKET": peer.path, "WATCHDOG_USEC": "3000"]))
        let answers = Answers()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await manager.keepAlive { answers.next() }
            }
            while !answers.areOver { await Task.yield() }
            group.cancelAll()
        }
        #expect(peer.next() == "WATCHDOG=1")
        #expect(peer.next() == "WATCHDOG=1")
        #expect(peer.next() == nil)
    }
}
