// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The text of a file of at most `limit` bytes; nil when it can't be read or is larger.
func readSmallFile(_ path: String, limit: Int = 1 << 20) -> String? {
    let number = open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { return nil }
    let file = OwnedDescriptor(number)
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while bytes.count <= limit {
        let count = Glibc.read(file.number, &chunk, chunk.count)
        if count < 0 && errno == EINTR { continue }
        guard count >= 0 else { return nil }
        if count == 0 { return String(decoding: bytes, as: UTF8.self) }
        bytes.append(contentsOf: chunk.prefix(count))
    }
    return nil
}

/// Why a file or directory of Jarvis' own could not be prepared.
package struct FileError: Error, Equatable, CustomStringConvertible {
    /// The path concerned.
    package let path: String
    /// What is wrong, in words.
    package let reason: String

    /// Path and reason.
    package var description: String { "\(path): \(reason)" }

    static func system(_ path: String) -> FileError { FileError(path: path, reason: systemErrorText(errno)) }
}

/// Replaces a file in one step: afterwards it is the old one or the whole new one, durably, readable by us alone.
func replaceFile(_ path: String, with text: String) throws(FileError) {
    let temporary = "\(path).\(getpid()).\(randomHexadecimal(bytes: 8))"
    let number = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard number >= 0 else { throw .system(temporary) }
    let file = OwnedDescriptor(number)
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(file.number, $0.baseAddress, $0.count) }
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { try discard(temporary) }
        rest = rest.dropFirst(count)
    }
    guard fsync(file.number) == 0, rename(temporary, path) == 0 else { try discard(temporary) }
    try syncDirectory(of: path)
}

private func discard(_ temporary: String) throws(FileError) -> Never {
    let error = FileError.system(temporary)
    unlink(temporary)
    throw error
}

private func syncDirectory(of path: String) throws(FileError) {
    let directory = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let number = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard number >= 0 else { throw .system(directory) }
    let descriptor = OwnedDescriptor(number)
    guard fsync(descriptor.number) == 0 else { throw .system(directory) }
}

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

/// Random lower-case hexadecimal digits from the system's generator, two per byte.
func randomHexadecimal(bytes: Int) -> String {
    var generator = SystemRandomNumberGenerator()
    var text = ""
    for _ in 0..<bytes {
        let byte = UInt8.random(in: .min ... .max, using: &generator)
        text += String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }
    return text
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
