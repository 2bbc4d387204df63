// SPDX-License-Identifier: Apache-2.0

import FaultPoints
import FoundationEssentials
import Glibc
package import JarvisCore
import Synchronization

/// The files in which deliveries wait for their database, with group commit: those that arrive while a sync waits for
/// the disk share the next one.
///
/// A file is only appended to by the process that made it, and never again once something went wrong with it: what
/// follows a torn record could not be read.
package actor SpoolFolder {
    /// How much there is.
    package struct Level: Sendable, Equatable {
        /// Deliveries that wait, as far as they were counted.
        package var deliveries = 0
        /// Bytes of all files.
        package var bytes = 0
    }

    /// A file is closed when it is this long.
    private static let segmentBytes = 1 << 20
    private static let suffix = ".spool"
    private static let damagedSuffix = ".damaged"

    private nonisolated let executor = ThreadExecutor()
    private nonisolated let waiting = Mutex<[Append]>([])
    private nonisolated let known: Mutex<Level>
    private nonisolated let limit: Int
    private let path: String
    private var segments: [UInt64]
    /// Grows for ever, so that no file ever gets the name of one that was kept.
    private var lastNumber: UInt64
    private var current: (number: UInt64, descriptor: Int32, bytes: Int, deliveries: Int)?
    private var counts: [UInt64: (deliveries: Int, bytes: Int)] = [:]

    /// Opens a folder, made (mode 0700) where it is missing, with what an earlier process left in it.
    ///
    /// - Parameter limit: bytes that it may hold; beyond them nothing more is taken.
    package init(path: String, limit: Int = 256 << 20) throws(StoreError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw Self.failure("made", path) }
        // Its files are no safer than its own name.
        try Self.synchronise(folder: path + "/..")
        self.path = path
        self.limit = limit
        let names = try Self.names(in: path)
        segments = names.compactMap { Self.number($0, suffix: Self.suffix) }.sorted()
        let kept = names.compactMap { Self.number($0, suffix: Self.suffix + Self.damagedSuffix) }
        lastNumber = max(segments.last ?? 0, kept.max() ?? 0)
        var level = Level()
        for number in segments {
            let bytes = Self.size(of: Self.file(number, in: path))
            // Not read now: it may be much, and is counted when it is taken.
            counts[number] = (1, bytes)
            level.deliveries += 1
            level.bytes += bytes
        }
        known = Mutex(level)
    }

    /// Whether deliveries wait in a folder, which need not exist.
    package static func holdsDeliveries(_ path: String) throws(StoreError) -> Bool {
        guard access(path, F_OK) == 0 else { return false }
        return try names(in: path).contains { number($0, suffix: suffix) != nil }
    }

    deinit {
        if let current { Glibc.close(current.descriptor) }
        executor.shutDown()
    }

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// How much there is now.
    package nonisolated var level: Level { known.withLock { $0 } }

    /// Whether it may hold more; the disk is not asked.
    package nonisolated var hasRoom: Bool { level.bytes < limit }

    /// Keeps a delivery; durable (fsynced) when it returns.
    ///
    /// Throws `unavailable` where there is no room, or the disk does not take it. The calling task's cancellation is
    /// ignored.
    package nonisolated func append(_ delivery: Delivery) async throws(StoreError) {
        if FaultPoint.fails("spool.append.before") { throw .unavailable(reason: "injected") }
        let append = Append(try SpoolRecord.bytes(of: delivery))
        waiting.withLock { $0.append(append) }
        await appendWaiting(until: append)
        try append.result()
        FaultPoint.passes("spool.append.after")
    }

    /// The deliveries of the oldest file, in order, and its number for `remove`; nil when nothing waits.
    ///
    /// Nothing is added to that file any more. `isDamaged`: something in it could not be read.
    package func oldest() throws(StoreError) -> (number: UInt64, deliveries: [Delivery], isDamaged: Bool)? {
        guard let number = segments.first else { return nil }
        if current?.number == number { seal() }
        let contents = SpoolRecord.contents(of: try Self.read(Self.file(number, in: path)))
        let before = counts[number] ?? (0, 0)
        counts[number] = (contents.deliveries.count, before.bytes)
        known.withLock { $0.deliveries += contents.deliveries.count - before.deliveries }
        return (number, contents.deliveries, contents.isDamaged)
    }

    /// Forgets a file whose deliveries are all elsewhere; a damaged one is kept under another name.
    package func remove(_ number: UInt64, isDamaged: Bool) throws(StoreError) {
        FaultPoint.passes("spool.remove.before")
        let file = Self.file(number, in: path)
        guard (isDamaged ? rename(file, file + Self.damagedSuffix) : unlink(file)) == 0 || errno == ENOENT else {
            throw Self.failure("removed", file)
        }
        // What comes back after a crash is only looked at once more.
        try? Self.synchronise(folder: path)
        segments.removeAll { $0 == number }
        let gone = counts.removeValue(forKey: number) ?? (0, 0)
        known.withLock { level in
            level.deliveries -= gone.deliveries
            level.bytes -= gone.bytes
        }
    }

    /// As `SQLiteWriter` does it: the caller's own is in the list before this runs, which never suspends.
    private func appendWaiting(until append: Append) {
        while !append.isSettled {
            let group = waiting.withLock { waiting in
                defer { waiting = [] }
                return waiting
            }
            let result: Result<Void, StoreError>
            do throws(StoreError) { result = .success(try write(group)) } catch {
                abandon()
                result = .failure(error)
            }
            for append in group { append.settle(result) }
        }
    }

    private func write(_ group: [Append]) throws(StoreError) {
        let bytes = group.flatMap(\.bytes)
        guard level.bytes + bytes.count <= limit else {
            throw .unavailable(reason: "the database is away, and its spool is full (\(limit >> 20) MiB)")
        }
        if current == nil { try begin() }
        guard let segment = current else { return }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(segment.descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure("written", Self.file(segment.number, in: path)) }
            written += count
        }
        guard fdatasync(segment.descriptor) == 0 else {
            throw Self.failure("synced", Self.file(segment.number, in: path))
        }
        FaultPoint.passes("spool.sync.after")
        current = (segment.number, segment.descriptor, segment.bytes + written, segment.deliveries + group.count)
        counts[segment.number] = (segment.deliveries + group.count, segment.bytes + written)
        known.withLock { level in
            level.bytes += written
            level.deliveries += group.count
        }
        if segment.bytes + written >= Self.segmentBytes { seal() }
    }

    private func begin() throws(StoreError) {
        lastNumber += 1
        let number = lastNumber
        let file = Self.file(number, in: path)
        let descriptor = Glibc.open(file, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure("made", file) }
        segments.append(number)
        counts[number] = (0, 0)
        current = (number, descriptor, 0, 0)
        try Self.synchronise(folder: path)
    }

    /// Never goes on behind what may be a torn record; a file without a whole one is no use to anybody.
    private func abandon() {
        guard let segment = current else { return }
        seal()
        guard segment.deliveries == 0 else { return }
        unlink(Self.file(segment.number, in: path))
        segments.removeAll { $0 == segment.number }
        counts[segment.number] = nil
    }

    /// Whatever is taken next goes into another file.
    private func seal() {
        guard let segment = current else { return }
        Glibc.close(segment.descriptor)
        current = nil
    }
}

extension SpoolFolder {
    private static func file(_ number: UInt64, in path: String) -> String {
        let digits = String(number)
        return "\(path)/\(String(repeating: "0", count: max(0, 12 - digits.count)))\(digits)\(suffix)"
    }

    private static func number(_ name: String, suffix: String) -> UInt64? {
        name.hasSuffix(suffix) ? UInt64(name.dropLast(suffix.count)) : nil
    }

    private static func names(in path: String) throws(StoreError) -> [String] {
        do { return try FileManager.default.contentsOfDirectory(atPath: path) } catch {
            throw .unavailable(reason: "the spool \(path) can't be read: \(error)")
        }
    }

    private static func size(of file: String) -> Int {
        var status = stat()
        return stat(file, &status) == 0 ? Int(status.st_size) : 0
    }

    private static func read(_ file: String) throws(StoreError) -> [UInt8] {
        do { return Array(try Data(contentsOf: URL(filePath: file))) } catch {
            throw .unavailable(reason: "the spool's file \(file) can't be read: \(error)")
        }
    }

    private static func synchronise(folder: String) throws(StoreError) {
        let descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("opened", folder) }
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("synced", folder) }
    }

    private static func failure(_ what: String, _ path: String) -> StoreError {
        .unavailable(reason: "the spool \(path) can't be \(what): \(String(cString: strerror(errno)))")
    }
}

/// A delivery that waits for its sync.
private final class Append: Sendable {
    let bytes: [UInt8]
    private let outcome = Mutex<Result<Void, StoreError>?>(nil)

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isSettled: Bool { outcome.withLock { $0 != nil } }

    func settle(_ result: Result<Void, StoreError>) { outcome.withLock { $0 = result } }

    func result() throws(StoreError) {
        guard let outcome = outcome.withLock({ $0 }) else { throw .unavailable(reason: "the spool did not take it") }
        try outcome.get()
    }
}
