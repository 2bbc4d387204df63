// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization

/// A server on loopback that does exactly what a test tells it, right or wrong; each connection has its own thread.
final class HostileServer: Sendable {
    typealias Script = @Sendable (ServerConnection) -> Void

    struct Failure: Error { let call: String }

    private struct State {
        var open: Set<Int32> = []
        var accepted = 0
        var log: [ArrivedRequest] = []
        var isStopped = false
    }

    let port: Int
    private let listener: Int32
    private let state = Mutex(State())
    private let script: Script

    init(_ script: @escaping Script) throws {
        self.script = script
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        self.listener = listener
        port = try Self.bindToLoopback(listener)
        startThread { [self] in accept() }
    }

    /// A server that answers each request with what the closure says and keeps the connection.
    static func answering(
        _ answer: @escaping @Sendable (ArrivedRequest, ServerConnection) -> Void
    ) throws -> HostileServer {
        // The log is the server's, which exists only after its script.
        let owner = Mutex<HostileServer?>(nil)
        let server = try HostileServer { connection in
            while let request = connection.readRequest() {
                owner.withLock { $0 }?.record(request)
                answer(request, connection)
            }
        }
        owner.withLock { $0 = server }
        return server
    }

    var url: String { "http://127.0.0.1:\(port)" }
    var openConnections: Int { state.withLock { $0.open.count } }
    var acceptedConnections: Int { state.withLock { $0.accepted } }
    var requests: [ArrivedRequest] { state.withLock { $0.log } }

    func record(_ request: ArrivedRequest) { state.withLock { $0.log.append(request) } }

    /// Closes the listener and all connections.
    func stop() {
        state.withLock { state in
            guard !state.isStopped else { return }
            state.isStopped = true
            shutdown(listener, Int32(SHUT_RDWR))
            for descriptor in state.open { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    private func accept() {
        while true {
            let descriptor = Glibc.accept(listener, nil, nil)
            guard descriptor >= 0 else { break }
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            let isStopped = state.withLock { state in
                state.open.insert(descriptor)
                state.accepted += 1
                return state.isStopped
            }
            if isStopped { shutdown(descriptor, Int32(SHUT_RDWR)) }
            startThread { [self] in
                script(ServerConnection(descriptor: descriptor))
                state.withLock { state in
                    state.open.remove(descriptor)
                    close(descriptor)
                }
            }
        }
        close(listener)
    }

    static func bindToLoopback(_ listener: Int32, backlog: Int32 = 256) throws -> Int {
        let isBound = withLoopback(port: 0) { bind(listener, $0, $1) == 0 && listen(listener, backlog) == 0 }
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isKnown = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener, $0, &length) == 0 }
        }
        guard isBound, isKnown else { throw Failure(call: "bind") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    static func withLoopback<Result>(
        port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}

private final class ThreadBody {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// Runs blocking work outside the cooperative pool.
func startThread(_ body: @escaping @Sendable () -> Void) {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(ThreadBody(body))
    let failed = pthread_create(
        &thread, nil,
        { context in
            if let context { Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run() }
            return nil
        }, context.toOpaque())
    if failed == 0 { pthread_detach(thread) } else { context.release() }
}
