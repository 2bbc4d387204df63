// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Replaces a file in one step: afterwards it is the old one or the whole new one, durably, readable by us alone.
package func replaceFile(_ path: String, with text: String) throws(FileError) {
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
