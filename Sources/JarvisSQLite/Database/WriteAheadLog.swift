// SPDX-License-Identifier: Apache-2.0

import Glibc
import JarvisCore

/// The file beside a database that holds what was committed and is not written back yet.
enum WriteAheadLog {
    private static let piece = 1 << 20

    /// Writes the log that another process, or a connection before, left over itself and syncs it, so that all of it is
    /// on the disk when it is read.
    ///
    /// It may not be: where a sync failed, Linux keeps what was written in memory, takes it for clean and never writes
    /// it. SQLite would read it there, find its checksums right and build on it what the next syncs really bring to the
    /// disk; after a power cut the log would then end before the gap, and all that was acknowledged since would be lost.
    /// The same bytes at the same place harm nothing wherever this is cut off.
    static func renew(of database: String) throws(StoreError) {
        let path = database + "-wal"
        let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        if descriptor < 0, errno == ENOENT { return }
        guard descriptor >= 0 else { throw failure("opened", path) }
        defer { close(descriptor) }
        try copy(descriptor, path)
        guard fdatasync(descriptor) == 0 else { throw failure("synced", path) }
    }

    private static func copy(_ descriptor: Int32, _ path: String) throws(StoreError) {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: piece, alignment: 1)
        defer { bytes.deallocate() }
        var offset: off_t = 0
        while true {
            let count = pread(descriptor, bytes.baseAddress, piece, offset)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", path) }
            guard count > 0 else { return }
            var written = 0
            while written < count {
                let done = pwrite(
                    descriptor, bytes.baseAddress?.advanced(by: written), count - written, offset + off_t(written))
                if done < 0, errno == EINTR { continue }
                guard done > 0 else { throw failure("written", path) }
                written += done
            }
            offset += off_t(count)
        }
    }

    private static func failure(_ what: String, _ path: String) -> StoreError {
        .unavailable(reason: "\(path) can't be \(what): \(String(cString: strerror(errno)))")
    }
}
