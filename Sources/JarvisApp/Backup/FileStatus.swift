// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What the system says of a name, symbolic links not followed.
struct FileStatus {
    private let status: stat

    /// Asks; nil where there is nothing of that name.
    init?(of path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        self.status = status
    }

    var isRegular: Bool { status.st_mode & S_IFMT == S_IFREG }
    var isDirectory: Bool { status.st_mode & S_IFMT == S_IFDIR }
    /// Whether both are on the same file system.
    func isBeside(_ other: FileStatus) -> Bool { status.st_dev == other.status.st_dev }
    var owner: (user: uid_t, group: gid_t) { (status.st_uid, status.st_gid) }
    var bytes: Int64 { Int64(status.st_size) }
}
