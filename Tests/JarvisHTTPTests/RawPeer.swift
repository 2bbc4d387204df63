// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc

/// What a raw peer ran into.
enum RawPeerError: Error, Equatable {
    case system(String, code: Int32)
    case timedOut
    case closed
    case malformed(String)
}

/// A response as it came over the wire.
struct RawResponse: Equatable {
    var status: Int
    var head: String
    var body: [UInt8] = []

    /// The value of the only field line of this name; `nil` when there is none or there are several.
    func field(_ name: String) -> String? {
        let prefix = name.lowercased() + ": "
        let lines = head.split(separator: "\r\n").filter { $0.lowercased().hasPrefix(prefix) }
        return lines.count == 1 ? String(lines[0].dropFirst(prefix.count)) : nil
    }

    var text: String { String(decoding: body, as: UTF8.self) }
}

/// A client made of nothing but a socket, so that it can say what no HTTP client would.
///
/// Blocks, with a limit on every wait; use it inside `offPool`.
final class RawPeer {
    private let socket: Int32
    private let timeout: Int32
    private var buffered: [UInt8] = []

    /// The end of the connection was a reset.
    private(set) var wasReset = false

    init(port: Int, timeoutSeconds: Int32 = 60, receiveBuffer: Int32? = nil) throws {
        timeout = timeoutSeconds * 1000
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw RawPeerError.system("socket", code: errno) }
        if var size = receiveBuffer { setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, 4) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw RawPeerError.system("connect", code: errno) }
    }

    deinit { close(socket) }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    /// Sends everything, or throws `closed` when the server has cut the connection.
    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            try wait(for: Int16(POLLOUT))
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(
                    socket, buffer.baseAddress.map { $0 + sent }, buffer.count - sent,
                    Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            if count < 0, errno == EPIPE || errno == ECONNRESET { throw RawPeerError.closed }
            if count < 0, errno != EAGAIN { throw RawPeerError.system("send", code: errno) }
            sent += max(0, count)
        }
    }

    func shutdownWriting() { shutdown(socket, Int32(SHUT_WR)) }

    /// Reads one response; interim ones are responses, too.
    func readResponse(toHead: Bool = false) throws -> RawResponse {
        let end = Array("\r\n\r\n".utf8)
        while firstRange(of: end) == nil { try readMore() }
        guard let headEnd = firstRange(of: end) else { throw RawPeerError.malformed("no end of head") }
        let head = String(decoding: buffered[..<headEnd], as: UTF8.self)
        buffered.removeFirst(headEnd + 4)
        let words = head.split(separator: " ", maxSplits: 2)
        guard words.count == 3, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
            throw RawPeerError.malformed(head)
        }
        var response = RawResponse(status: status, head: head)
        let length = response.field("content-length").flatMap { Int($0) } ?? 0
        if toHead { return response }
        while buffered.count < length { try readMore() }
        response.body = Array(buffered.prefix(length))
        buffered.removeFirst(length)
        return response
    }

    /// Reads until the server has closed, and returns what came.
    func readToEnd() throws -> [UInt8] {
        do {
            while true { try readMore() }
        } catch RawPeerError.closed {
            defer { buffered = [] }
            return buffered
        }
    }

    /// Nothing of an unfinished response has been received.
    var isAtMessageBoundary: Bool { buffered.isEmpty }

    /// The server has reset the connection; looks only, and does not wait.
    var isReset: Bool {
        var poller = pollfd(fd: socket, events: 0, revents: 0)
        return poll(&poller, 1, 0) == 1 && poller.revents & Int16(POLLERR | POLLHUP) != 0
    }

    private func readMore() throws {
        try wait(for: Int16(POLLIN))
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = recv(socket, &chunk, chunk.count, 0)
        if count > 0 {
            buffered += chunk[..<count]
        } else if count == 0 || errno == ECONNRESET {
            wasReset = count < 0
            throw RawPeerError.closed
        } else {
            throw RawPeerError.system("recv", code: errno)
        }
    }

    private func firstRange(of pattern: [UInt8]) -> Int? {
        guard buffered.count >= pattern.count else { return nil }
        return (0...buffered.count - pattern.count).first { buffered[$0..<$0 + pattern.count].elementsEqual(pattern) }
    }

    private func wait(for events: Int16) throws {
        var poller = pollfd(fd: socket, events: events, revents: 0)
        let count = poll(&poller, 1, timeout)
        if count == 0 { throw RawPeerError.timedOut }
        if count < 0, errno != EINTR { throw RawPeerError.system("poll", code: errno) }
    }
}

/// Runs blocking work on a thread of its own, because the cooperative pool has only as many as there are cores.
///
/// It stays in the task, so that the test framework knows whose expectations fail.
func offPool<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
    try await withTaskExecutorPreference(OwnThread()) { try await run(work) }
}

@concurrent private func run<T: Sendable>(_ work: @Sendable () throws -> T) async throws -> T { try work() }

private final class OwnThread: TaskExecutor {
    private let queue = DispatchQueue(label: "raw-peer")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
