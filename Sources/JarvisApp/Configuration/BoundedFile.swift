// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The content of a small regular file that the operator wrote.
package struct BoundedFile: Sendable, Equatable {
    /// Its bytes.
    package let bytes: [UInt8]
    /// Its permission bits, such as `0o600`.
    package let permissions: UInt32

    /// Holds what a file held.
    package init(bytes: [UInt8], permissions: UInt32 = 0o600) {
        self.bytes = bytes
        self.permissions = permissions
    }

    /// Whether others than the owner may read it.
    package var isReadableByOthers: Bool { permissions & 0o044 != 0 }

    /// Why a file could not be used.
    package enum ReadError: Error, Equatable {
        /// There is none.
        case missing
        /// It is a directory, a pipe or a device.
        case notRegular
        /// It is longer than the limit, in bytes.
        case tooLarge(limit: Int)
        /// The system's words.
        case failed(String)

        /// What is wrong, in words for a person.
        package var message: String {
            switch self {
            case .missing: "there is no such file"
            case .notRegular: "this is not a regular file"
            case .tooLarge(let limit): "the file is larger than \(limit) bytes"
            case .failed(let words): words
            }
        }
    }

    /// Whether there is anything of this name.
    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Reads a file of at most `limit` bytes, following symbolic links (mounted secrets are links).
    package static func read(_ path: String, limit: Int) throws(ReadError) -> BoundedFile {
        // O_NONBLOCK: opening a pipe must not wait for a writer; it has no effect on regular files.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw errno == ENOENT ? .missing : .failed(String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .failed(String(cString: strerror(errno))) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
        return BoundedFile(bytes: try contents(descriptor, limit: limit), permissions: status.st_mode & 0o7777)
    }

    private static func contents(_ descriptor: Int32, limit: Int) throws(ReadError) -> [UInt8] {
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(descriptor, &block, block.count)
            guard count >= 0 else {
                if errno == EINTR { continue }
                throw .failed(String(cString: strerror(errno)))
            }
            if count == 0 { return bytes }
            bytes += block.prefix(count)
            guard bytes.count <= limit else { throw .tooLarge(limit: limit) }
        }
    }
}
