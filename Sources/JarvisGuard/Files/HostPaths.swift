// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Follows symbolic links as the programs will that are given a path.
enum HostPaths {
    /// Where a path leads; of one that does not exist yet the part that does is followed.
    static func resolve(_ path: String) -> PathResolution {
        var existing = path
        while existing.count > 1, existing.last == "/" { existing.removeLast() }
        let plain = existing
        var missing = ""
        while true {
            if let found = realpath(existing, nil) {
                defer { free(found) }
                let root = String(cString: found)
                let target = (root == "/" && !missing.isEmpty ? "" : root) + missing
                if target == plain || isOfTheKernel(plain, target) { return .same }
                return .elsewhere(target + (path.count > plain.count ? "/" : ""))
            }
            guard errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG else {
                return .unknown(String(cString: strerror(errno)))
            }
            // A link to nothing would be followed by whoever creates the file.
            var status = stat()
            if lstat(existing, &status) == 0, status.st_mode & S_IFMT == S_IFLNK {
                return .unknown("it is a link to nothing")
            }
            guard let slash = existing.lastIndex(of: "/"), existing.count > 1 else { return .same }
            missing = existing[slash...] + missing
            existing = slash == existing.startIndex ? "/" : String(existing[..<slash])
        }
    }

    /// Links below /sys, and those of /proc to the reader's own network and mounts, are no user's to put there.
    private static func isOfTheKernel(_ path: String, _ target: String) -> Bool {
        if path.hasPrefix("/sys/") { return target.hasPrefix("/sys/") }
        let own = "/proc/\(getpid())/"
        if path == "/etc/mtab" || path == "/proc/mounts" { return target == own + "mounts" }
        return path.hasPrefix("/proc/net/") && target.hasPrefix(own + "net/")
    }
}
