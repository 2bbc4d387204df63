// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The service manager that started this process and wants to hear of it (sd_notify(3)): one datagram for each message.
package struct ServiceManager: Sendable {
    /// What it is told.
    package enum Message: String, Sendable {
        /// Alerts are accepted.
        case ready = "READY=1"
        /// No new work is begun.
        case stopping = "STOPPING=1"
        /// The configuration is being read anew; `ready` follows.
        case reloading = "RELOADING=1"
        /// Still able to do its work.
        case alive = "WATCHDOG=1"
    }

    private let socketPath: String
    /// How long it waits for `alive` before it takes this process for stuck; nil: it does not.
    package let watchdog: Duration?

    /// Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID; nil where nobody wants to hear anything.
    ///
    /// A path that begins with `@` is a socket without a file; other kinds of address are not understood.
    package init?(environment: [String: String], processID: Int32 = getpid()) {
        guard let path = environment["NOTIFY_SOCKET"], path.hasPrefix("/") || path.hasPrefix("@"),
            (2...107).contains(path.utf8.count)
        else { return nil }
        socketPath = path
        let isMeant = environment["WATCHDOG_PID"].map { Int32($0) == processID } ?? true
        let microseconds = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
        watchdog = isMeant && microseconds > 0 ? .microseconds(microseconds) : nil
    }

    /// Tells it; false when it could not be told, which changes nothing here.
    @discardableResult
    package func tell(_ message: Message, status: String? = nil) -> Bool {
        tell(message, and: status.map { "STATUS=\($0)" })
    }

    @discardableResult
    private func tell(_ message: Message, and line: String?) -> Bool {
        let text = message.rawValue + (line.map { "\n\($0)" } ?? "")
        #if canImport(Glibc)
            let kind = Int32(SOCK_DGRAM.rawValue)
        #else
            let kind = SOCK_DGRAM
        #endif
        let descriptor = socket(AF_UNIX, kind | Int32(O_CLOEXEC), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(socketPath.utf8)
        if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let offset = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
        let length = socklen_t(offset + bytes.count)
        let payload = Array(text.utf8)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                sendto(descriptor, payload, payload.count, Int32(MSG_NOSIGNAL), generic, length)
                    == payload.count
            }
        }
    }

    /// Says that the configuration is being read anew, with the time of the monotonic clock that sd_notify(3) asks for.
    package func tellReloading() {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        tell(.reloading, and: "MONOTONIC_USEC=\(now.tv_sec * 1_000_000 + now.tv_nsec / 1_000)")
    }

    /// Says `alive` twice within each watchdog interval as long as `isWell` says so, until the task is cancelled.
    ///
    /// A process that is not well, or hangs in `isWell`, is silent, and the service manager starts it anew.
    package func keepAlive(while isWell: @Sendable () async -> Bool) async {
        guard let watchdog else { return }
        while !Task.isCancelled {
            if await isWell() { tell(.alive) }
            guard (try? await Task.sleep(for: watchdog / 3)) != nil else { return }
        }
    }
}
