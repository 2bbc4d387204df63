// SPDX-License-Identifier: Apache-2.0

import Glibc
import LoopbackSSHD
import Synchronization

/// Stands between the SSH client and sshd on loopback, and notes when the client's bytes came by.
final class Relay: Sendable {
    /// Bytes of the client that came in one piece.
    struct Piece: Sendable {
        let at: ContinuousClock.Instant
        let bytes: Int
    }

    let port: Int
    private let listener: Int32
    private let server: Int
    private let pieces = Mutex<[Piece]>([])

    /// Listens on a port of its own for what is meant for `server`.
    init(to server: Int) throws {
        self.server = server
        port = try freePort()
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = Self.loopback(port)
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard listener >= 0, status == 0, listen(listener, 8) == 0 else { throw BenchError("the relay can't listen") }
    }

    /// Forgets what came by.
    func clear() { pieces.withLock { $0 = [] } }

    /// What came by since `clear`, in order.
    var seen: [Piece] { pieces.withLock { $0 } }

    /// Copies both ways, one connection after the other, as long as the process lives; on a thread of its own.
    func start() throws {
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { relay in
                if let relay { Unmanaged<Relay>.fromOpaque(relay).takeRetainedValue().copyAll() }
                return nil
            }, Unmanaged.passRetained(self).toOpaque())
        guard status == 0 else { throw BenchError("the relay has no thread") }
    }

    private func copyAll() {
        while true {
            let client = accept(listener, nil, nil)
            guard client >= 0 else { continue }
            let peer = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            var address = Self.loopback(server)
            let status = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(peer, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            if status == 0 { copy(client, peer) }
            close(client)
            close(peer)
        }
    }

    private func copy(_ client: Int32, _ peer: Int32) {
        var one: Int32 = 1
        for number in [client, peer] {
            setsockopt(number, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var entries = [client, peer].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        while true {
            guard poll(&entries, 2, -1) >= 0 || errno == EINTR else { return }
            for (index, other) in [peer, client].enumerated() where entries[index].revents != 0 {
                let count = read(entries[index].fd, &buffer, buffer.count)
                guard count > 0 else { return }
                if index == 0 { pieces.withLock { $0.append(Piece(at: .now, bytes: count)) } }
                var sent = 0
                while sent < count {
                    let more = buffer[sent..<count].withUnsafeBytes {
                        send(other, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                    }
                    guard more > 0 else { return }
                    sent += more
                }
            }
        }
    }

    private static func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = UInt16(port).bigEndian
        return address
    }
}
