// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Why the guard can't work here, in a sentence for the host's log.
struct GuardError: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// The system's own words about the call that just failed.
    static func system(_ what: String) -> GuardError { GuardError("\(what): \(String(cString: strerror(errno)))") }
}

/// A descriptor that is closed when nobody holds it.
struct Descriptor: ~Copyable {
    let number: Int32

    /// Opens a file, close-on-exec.
    init(opening path: String, _ flags: Int32, mode: mode_t = 0o600) throws(GuardError) {
        number = open(path, flags | O_CLOEXEC, mode)
        guard number >= 0 else { throw .system(path) }
    }

    deinit { close(number) }

    /// Everything from here on, at most `limit` bytes.
    borrowing func text(limit: Int, of path: String) throws(GuardError) -> String {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(number, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system(path) }
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(contentsOf: chunk.prefix(count))
            guard bytes.count <= limit else { throw GuardError("\(path): it is larger than \(limit) bytes") }
        }
    }

    /// Writes everything; false with `errno` when that fails.
    @discardableResult
    static func write(_ text: String, to number: Int32) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            #if canImport(Glibc)
                let count = rest.withUnsafeBytes { Glibc.write(number, $0.baseAddress, $0.count) }
            #else
                let count = rest.withUnsafeBytes { Musl.write(number, $0.baseAddress, $0.count) }
            #endif
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}

/// The host's clock, in seconds since 1970.
func secondsSince1970() -> Int64 { Int64(time(nil)) }

/// A clock that nobody sets and that goes on while the machine sleeps, in seconds.
func steadySeconds() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_BOOTTIME, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
}
