// SPDX-License-Identifier: Apache-2.0

import Cryptography

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Copies, moves and removes files so that a power cut leaves the state before or after.
enum DurableFile {
    /// What a file holds.
    struct Content: Equatable {
        let bytes: Int64
        let sha256: String
    }

    /// Reads a regular file to its end; what it holds.
    static func content(of path: String) throws(BackupError) -> Content {
        try withDescriptor(path, O_RDONLY | O_NOFOLLOW) { source throws(BackupError) in try read(source, path) { _ in }
        }
    }

    /// Copies a regular file to a new one with mode 0600, durably; what it holds.
    static func copy(_ path: String, to destination: String) throws(BackupError) -> Content {
        try withDescriptor(path, O_RDONLY | O_NOFOLLOW) { source throws(BackupError) in
            try withDescriptor(destination, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW) { target throws(BackupError) in
                let content = try read(source, path) { piece throws(BackupError) in
                    try write(piece, to: target, destination)
                }
                guard fsync(target) == 0 else { throw failure(destination) }
                return content
            }
        }
    }

    /// Writes a new file with mode 0600, durably.
    static func create(_ path: String, _ bytes: [UInt8]) throws(BackupError) {
        try withDescriptor(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW) { target throws(BackupError) in
            try write(bytes[...], to: target, path)
            guard fsync(target) == 0 else { throw failure(path) }
        }
    }

    /// Makes a directory that only this user may enter; its parents must be there.
    static func makeDirectory(_ path: String) throws(BackupError) {
        guard mkdir(path, 0o700) == 0 else { throw failure(path) }
    }

    /// Makes names in a directory durable.
    static func sync(directory: String) throws(BackupError) {
        try withDescriptor(directory, O_RDONLY | O_DIRECTORY) { descriptor throws(BackupError) in
            guard fsync(descriptor) == 0 else { throw failure(directory) }
        }
    }

    /// Moves within a file system, where nothing of the new name is.
    static func move(_ path: String, to destination: String) throws(BackupError) {
        guard FileStatus(of: destination) == nil else {
            throw .unable("\(destination) is there already")
        }
        guard rename(path, destination) == 0 else { throw failure(path) }
    }

    /// Gives a file or directory to a user; only root can, and only for root it matters.
    static func give(_ path: String, to owner: (user: uid_t, group: gid_t)) throws(BackupError) {
        guard geteuid() == 0 else { return }
        guard lchown(path, owner.user, owner.group) == 0 else { throw failure(path) }
    }

    private static func failure(_ path: String) -> BackupError {
        .unable("\(path): \(String(cString: strerror(errno)))")
    }

    private static func withDescriptor<Value>(
        _ path: String, _ flags: Int32, _ body: (Int32) throws(BackupError) -> Value
    ) throws(BackupError) -> Value {
        let descriptor = open(path, flags | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        return try body(descriptor)
    }

    private static func read(
        _ descriptor: Int32, _ path: String, _ take: (ArraySlice<UInt8>) throws(BackupError) -> Void
    ) throws(BackupError) -> Content {
        var digest = SHA256.Pieces()
        var bytes: Int64 = 0
        var piece = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let size = piece.count
            let count = Glibc.read(descriptor, &piece, size)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(path) }
            if count == 0 { return Content(bytes: bytes, sha256: digest.hexDigest()) }
            piece.prefix(count).withUnsafeBytes { digest.add($0) }
            bytes += Int64(count)
            try take(piece.prefix(count))
        }
    }

    private static func write(
        _ bytes: ArraySlice<UInt8>, to descriptor: Int32, _ path: String
    ) throws(BackupError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure(path) }
            rest = rest.dropFirst(count)
        }
    }
}
