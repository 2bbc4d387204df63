// SPDX-License-Identifier: Apache-2.0

import Glibc
import JarvisHTTP
import Logging
import Synchronization
import Testing

/// The tests that talk to a real server; one after the other, because some measure the process.
@Suite(.serialized, .timeLimit(.minutes(5))) enum LiveServerTests {}

/// Collects what a server tells its observer.
final class ObservationLog: Sendable {
    private let entries = Mutex<[HTTPServerObservation]>([])

    var all: [HTTPServerObservation] { entries.withLock { $0 } }

    func append(_ observation: HTTPServerObservation) { entries.withLock { $0.append(observation) } }
}

/// A gate a handler waits at until the test opens it.
final class Latch: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func open() { continuation.finish() }

    func wait() async { for await _ in stream {} }
}

/// Routes that most tests can use.
func standardRoutes() -> [Route] {
    [
        Route(.get, "/hello") { request, _ in .text("hello \(request.query("name") ?? "")") },
        Route(.post, "/echo") { request, _ in HTTPServerResponse(status: .ok, body: request.body) },
        Route(.post, "/small", bodyLimit: 10) { request, _ in .text("\(request.body.count)") },
        Route(.get, "/who") { request, _ in .text(request.remoteAddress) },
    ]
}

/// Runs a server around `body`, which blocks on a thread of its own; fails if the server doesn't end afterwards.
func withServer<T: Sendable>(
    _ routes: [Route] = standardRoutes(), log: ObservationLog = ObservationLog(),
    configure: (inout HTTPServerConfiguration) -> Void = { _ in },
    _ body: @escaping @Sendable (_ port: Int) throws -> T
) async throws -> T {
    try await withAsyncServer(routes, log: log, configure: configure) { port in try await offPool { try body(port) } }
}

/// Runs a server around an asynchronous `body`.
func withAsyncServer<T: Sendable>(
    _ routes: [Route] = standardRoutes(), log: ObservationLog = ObservationLog(),
    configure: (inout HTTPServerConfiguration) -> Void = { _ in },
    _ body: @escaping @Sendable (_ port: Int) async throws -> T
) async throws -> T {
    var configuration = HTTPServerConfiguration(port: 0)
    configuration.lingerTimeout = .milliseconds(200)
    configure(&configuration)
    let (ports, continuation) = AsyncStream<Int>.makeStream()
    let server = HTTPServer(
        configuration: configuration, router: try Router(routes),
        logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }), observer: { log.append($0) },
        onListening: {
            continuation.yield($0)
            continuation.finish()
        })
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await server.run() }
        var iterator = ports.makeAsyncIterator()
        let port = try #require(await iterator.next())
        let result = try await body(port)
        group.cancelAll()
        try await group.waitForAll()
        return result
    }
}

/// Resident memory of this process in bytes.
func residentBytes() throws -> Int {
    let file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw RawPeerError.system("open", code: errno) }
    defer { close(file) }
    var text = [UInt8](repeating: 0, count: 128)
    let count = read(file, &text, text.count)
    let fields = text.prefix(max(0, count)).split(separator: 0x20)
    let pages = fields.count > 1 ? Int(String(decoding: fields[1], as: UTF8.self)) : nil
    return try #require(pages) * Int(getpagesize())
}

/// The number of descriptors this process has open.
func openDescriptors() -> Int {
    let limit = 65_536
    return (0..<Int32(limit)).count { fcntl($0, F_GETFD) != -1 }
}

/// Asks again and again until the answer is yes or a minute has passed; blocks, so use it inside `offPool`.
func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<6000 {
        if try condition() { return true }
        usleep(10_000)
    }
    return false
}
