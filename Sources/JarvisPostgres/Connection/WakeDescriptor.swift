// SPDX-License-Identifier: Apache-2.0

import Glibc
import JarvisCore

/// Ends the wait of a thread for a socket.
///
/// It owns two connected sockets, closed with it.
final class WakeDescriptor: Sendable {
    private let reading: Int32
    private let writing: Int32

    init() throws(StoreError) {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw .unavailable(reason: "nothing to wake a thread with: \(String(cString: strerror(errno)))")
        }
        reading = ends[0]
        writing = ends[1]
    }

    deinit {
        close(reading)
        close(writing)
    }

    /// Ends the wait that goes on and every later one.
    func raise() { _ = write(writing, "!", 1) }

    /// Returns true when the socket is readable, false when it was raised.
    func wait(or socket: Int32) -> Bool {
        var entries = [
            pollfd(fd: reading, events: Int16(POLLIN), revents: 0),
            pollfd(fd: socket, events: Int16(POLLIN), revents: 0),
        ]
        // A signal ends it early: then neither is ready, and it begins again.
        while poll(&entries, 2, -1) <= 0 {}
        return entries[0].revents == 0
    }
}
