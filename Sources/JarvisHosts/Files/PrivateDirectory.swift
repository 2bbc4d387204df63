// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Makes a directory (and its parents) that only this user may enter, or checks that it is one.
///
/// A directory that belongs to somebody else, or a symbolic link in its place, is refused.
func preparePrivateDirectory(_ path: String) throws(FileError) {
    guard path.hasPrefix("/") else { throw FileError(path: path, reason: "it is not an absolute path") }
    var partial = ""
    for part in path.split(separator: "/") {
        partial += "/\(part)"
        guard mkdir(partial, 0o700) == 0 || errno == EEXIST || errno == EROFS else { throw .system(partial) }
    }
    var status = stat()
    guard lstat(path, &status) == 0 else { throw .system(path) }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw FileError(path: path, reason: "it is not a directory") }
    guard status.st_uid == geteuid() else { throw FileError(path: path, reason: "it belongs to another user") }
    guard status.st_mode & 0o077 == 0 || chmod(path, 0o700) == 0 else { throw .system(path) }
}

/// The names in a directory, without `.` and `..`; none when it can't be read.
func namesInDirectory(_ path: String) -> [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != "." && name != ".." { names.append(name) }
    }
    return names
}
