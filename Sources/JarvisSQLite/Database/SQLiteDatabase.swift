// SPDX-License-Identifier: Apache-2.0

package import DurableQueue
import FaultPoints
package import FoundationEssentials
import Glibc
package import JarvisCore
import JarvisStore
import Synchronization

/// The database file: one writer, one reader, one instance.
package final class SQLiteDatabase: Sendable {
    /// Where it is.
    package let path: String
    /// The writer.
    package let writer: SQLiteWriter
    /// The reader.
    package let reader: SQLiteReader
    /// What its queue tells the time by.
    package let queueClock: QueueClock
    private let lock: Mutex<InstanceLock?>

    /// The longest file that is read through at every start: 64 MiB, a small part of a second.
    package static let checkedBytes: Int64 = 64 << 20

    /// Opens the database at `path`, making it (mode 0600) and bringing its schema up to date where needed.
    ///
    /// Jobs that an earlier process held are free again at once: the lock proves that it is gone. Throws
    /// `unavailable` when another instance uses it or it can't be opened, `newerSchema` and `corrupt` where the file
    /// is not one that this version may write to; then it is left as it was.
    package convenience init(
        path: String, now: Date = Date(), queueClock: QueueClock = .system(), groupLimit: Int = SQLiteWriter.groupLimit
    ) async throws(StoreError) {
        try await self.init(
            path: path, now: now, queueClock: queueClock, migrations: Migration.all, groupLimit: groupLimit)
    }

    init(
        path: String, now: Date, queueClock: QueueClock = .system(), migrations: [Migration],
        groupLimit: Int = SQLiteWriter.groupLimit
    ) async throws(StoreError) {
        let lock = try InstanceLock(path: path + ".lock")
        try Self.createFile(path)
        let connection = try Self.openWriter(path, now: now, migrations: migrations)
        let reading = try SQLiteConnection(path: path, access: .readOnly)
        try reading.execute("PRAGMA cache_size = -1024; PRAGMA trusted_schema = OFF;")
        self.path = path
        self.queueClock = queueClock
        writer = SQLiteWriter(connection, groupLimit: groupLimit)
        reader = SQLiteReader(reading)
        self.lock = Mutex(lock)
    }

    /// Closes the file and lets another instance in; later calls throw `unavailable`.
    package func close() async {
        await reader.close()
        await writer.close()
        lock.withLock { $0 = nil }
    }

    /// SQLite gives its other files the mode of this one.
    private static func createFile(_ path: String) throws(StoreError) {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw .unavailable(reason: "\(path) can't be opened: \(String(cString: strerror(errno)))")
        }
        Glibc.close(descriptor)
    }

    /// Refuses a file with damaged pages before anything is written to it.
    ///
    /// A large file is not read through at every start; `jarvis db check` looks at it whenever somebody asks.
    private static func checkPages(_ connection: SQLiteConnection) throws(StoreError) {
        let bytes =
            (try connection.integer("PRAGMA page_count") ?? 0) * (try connection.integer("PRAGMA page_size") ?? 0)
        guard bytes <= checkedBytes else { return }
        let found = try connection.rows("PRAGMA quick_check(1)") { row throws(StoreError) in row.text(0) ?? "" }
        if let fault = found.first, fault != "ok" {
            throw .corrupt(what: "pages of the database are damaged: \(fault)")
        }
    }

    private static func openWriter(
        _ path: String, now: Date, migrations: [Migration]
    ) throws(StoreError) -> sending SQLiteConnection {
        let connection = try SQLiteConnection(path: path, access: .readWrite)
        let migrator = Migrator(migrations: migrations)
        let found = try migrator.check(connection)
        try checkPages(connection)
        // auto_vacuum counts only before the first table. The caches are small because idle memory matters more than
        // a second read of a page that the kernel holds anyway.
        try connection.execute(
            """
            PRAGMA auto_vacuum = INCREMENTAL;
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA foreign_keys = ON;
            PRAGMA cache_size = -2048;
            PRAGMA journal_size_limit = 8388608;
            PRAGMA temp_store = MEMORY;
            PRAGMA trusted_schema = OFF;
            """)
        guard try connection.first("PRAGMA journal_mode", [], { row throws(StoreError) in row.text(0) }) == "wal" else {
            throw .unavailable(reason: "\(path) is on a file system without shared memory, which WAL needs")
        }
        try migrator.migrate(connection, from: found, now: now)
        FaultPoint.passes("queue.release-all.before")
        try JobRows.releaseAll(on: connection)
        FaultPoint.passes("queue.release-all.after")
        return connection
    }
}
