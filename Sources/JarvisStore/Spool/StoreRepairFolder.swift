// SPDX-License-Identifier: Apache-2.0

import FaultPoints
import FoundationEssentials
import Glibc
package import JarvisCore

/// The files in which attempts to repair the store are kept: one for each, replaced as a whole.
///
/// The folder is made with the first of them.
package actor StoreRepairFolder: StoreRepairFiles {
    private static let suffix = ".repair"
    private static let newSuffix = ".new"
    private static let damagedSuffix = ".damaged"
    /// Far more than an attempt with the bounded output of its command takes.
    private static let largestFile = 4 << 20

    private nonisolated let executor = ThreadExecutor()
    private let path: String

    /// Names a folder, which need not exist; that above it must when the first attempt is kept.
    package init(path: String) { self.path = path }

    deinit { executor.shutDown() }

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    package func attempts() throws(StoreError) -> (attempts: [StoreRepairAttempt], unreadable: Int) {
        guard access(path, F_OK) == 0 else {
            guard errno == ENOENT else { throw failure("read", path) }
            return ([], 0)
        }
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: path) } catch {
            throw .unavailable(reason: "the folder \(path) can't be read: \(error)")
        }
        var attempts: [StoreRepairAttempt] = []
        var unreadable = names.count { $0.hasSuffix(Self.damagedSuffix) }
        for name in names where name.hasSuffix(Self.suffix) {
            if let attempt = try read(name) {
                attempts.append(attempt)
                continue
            }
            let file = "\(path)/\(name)"
            guard rename(file, file + Self.damagedSuffix) == 0 else { throw failure("renamed", file) }
            try synchronise(path)
            unreadable += 1
        }
        // Of a process that died before it gave them their name: what they replace is whole.
        for name in names where name.hasSuffix(Self.newSuffix) { unlink("\(path)/\(name)") }
        return (attempts.sorted { $0.id < $1.id }, unreadable)
    }

    package func keep(_ attempt: StoreRepairAttempt) throws(StoreError) {
        let text = try StoredJSON.text(attempt, of: "an attempt to repair the store")
        let bytes = try SpoolFrame.bytes(of: Array(text.utf8), "the attempt")
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure("made", path) }
        // Each time: whoever made it may have died, or failed, before its name was on the disk.
        try synchronise(path + "/..")
        let file = "\(path)/\(attempt.id)\(Self.suffix)"
        let new = file + Self.newSuffix
        try write(bytes, to: new)
        FaultPoint.passes("repair.file.synced")
        guard rename(new, file) == 0 else { throw failure("renamed", new) }
        try synchronise(path)
    }

    package func forget(_ attempt: IntentID) throws(StoreError) {
        let file = "\(path)/\(attempt)\(Self.suffix)"
        guard unlink(file) == 0 || errno == ENOENT else { throw failure("removed", file) }
    }

    /// Nil for whatever is no whole attempt of that name; throws where the disk does not say what it is.
    private func read(_ name: String) throws(StoreError) -> StoreRepairAttempt? {
        let file = "\(path)/\(name)"
        let descriptor = Glibc.open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno == ELOOP else { throw failure("opened", file) }
            return nil
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("read", file) }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= Self.largestFile else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var length = 0
        while length < bytes.count {
            let count = bytes[length...].withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", file) }
            if count == 0 { return nil }
            length += count
        }
        var rest = bytes[...]
        guard let text = SpoolFrame.take(from: &rest), rest.isEmpty,
            let attempt = try? StoredJSON.value(
                StoreRepairAttempt.self, String(decoding: text, as: UTF8.self), of: file),
            name == "\(attempt.id)\(Self.suffix)"
        else { return nil }
        return attempt
    }

    private func write(_ bytes: [UInt8], to file: String) throws(StoreError) {
        let descriptor = Glibc.open(file, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("made", file) }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("written", file) }
            rest = rest.dropFirst(count)
        }
        guard fsync(descriptor) == 0 else { throw failure("synced", file) }
    }

    private func synchronise(_ folder: String) throws(StoreError) {
        let descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("opened", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("synced", folder) }
    }

    private func failure(_ what: String, _ path: String) -> StoreError {
        .unavailable(reason: "\(path) can't be \(what): \(String(cString: strerror(errno)))")
    }
}
