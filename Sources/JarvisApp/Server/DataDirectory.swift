// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The directory that holds everything Jarvis keeps; only its own user may look into it.
enum DataDirectory {
    /// Makes the directory where it is missing, parents included, and closes it to others.
    static func prepare(_ path: String) throws(ServerError) {
        try make(path)
        guard access(path, W_OK | X_OK) == 0, chmod(path, 0o700) == 0 else {
            throw .dataDirectory(path, reason: String(cString: strerror(errno)))
        }
    }

    /// Makes a directory where it is missing, parents included; what is there stays as it is.
    static func make(_ path: String) throws(ServerError) {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            made += "/" + part
            if mkdir(made, 0o700) != 0, errno != EEXIST {
                throw .dataDirectory(path, reason: String(cString: strerror(errno)))
            }
        }
    }
}
