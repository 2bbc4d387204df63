// SPDX-License-Identifier: Apache-2.0

import CommandPolicy

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Follows symbolic links as the programs will that are given a path.
enum HostPaths {
    /// Where a path leads; of one that does not exist yet the part that does is followed.
    static func resolve(_ path: String) -> PathResolution { PathResolution.following(path, answer) }

    private static func answer(_ path: String) -> PathResolution.Answer {
        if let found = realpath(path, nil) {
            defer { free(found) }
            return .end(String(cString: found))
        }
        guard errno == ENOENT || errno == ENOTDIR else {
            return .unknown(String(cString: strerror(errno)))
        }
        // A link to nothing would be followed by whoever creates the file.
        var status = stat()
        if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK { return .unknown("it is a link to nothing") }
        return .missing
    }
}
