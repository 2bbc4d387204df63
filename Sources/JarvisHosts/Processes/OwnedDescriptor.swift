// SPDX-License-Identifier: Apache-2.0

import CSpawn
import Glibc

/// A file descriptor that is closed exactly once, when its owner goes away.
struct OwnedDescriptor: ~Copyable, Sendable {
    let number: Int32

    init(_ number: Int32) { self.number = number }

    deinit { close(number) }

    /// Reads and writes return EAGAIN instead of waiting.
    func makeNonBlocking() {
        let flags = fcntl(number, F_GETFL)
        _ = fcntl(number, F_SETFL, flags | O_NONBLOCK)
    }
}

/// The two ends of a new pipe.
struct Pipe: ~Copyable {
    let readEnd: OwnedDescriptor
    let writeEnd: OwnedDescriptor

    init() throws(SpawnError) {
        var read: Int32 = -1
        var write: Int32 = -1
        try SpawnError.check(jarvis_pipe(&read, &write), .descriptors)
        readEnd = OwnedDescriptor(read)
        writeEnd = OwnedDescriptor(write)
    }
}
