// SPDX-License-Identifier: Apache-2.0

package import DurableQueue
import FaultPoints
package import FoundationEssentials
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
    /// `unavailable` when another instance uses it, it can't be opened, or it is of an older schema and can't be copied
    /// before that is changed (`SchemaCopy`), `newerSchema` and `corrupt` where the file is not one that this version
    /// may write to; then it is left as it was.
    ///
    /// - Parameters:
    ///   - older: what becomes of a database of an older schema before that is changed.
    ///   - onCopy: called with the schema and the path of the copy that was made.
    package convenience init(
        path: String, now: Date = Date(), queueClock: QueueClock = .system(),
        groupLimit: Int = SQLiteWriter.groupLimit, older: SchemaCopy.Making = .beside,
        onCopy: (_ schema: Int, _ path: String) -> Void = { _, _ in }
    ) async throws(StoreError) {
        try await self.init(
            path: path, now: now, queueClock: queueClock, migrations: Migration.all, groupLimit: groupLimit,
            older: older, onCopy: onCopy)
    }

    init(
        path: String, now: Date, queueClock: QueueClock = .system(), migrations: [Migration],
        groupLimit: Int = SQLiteWriter.groupLimit, checkPause: Duration = .seconds(30),
        older: SchemaCopy.Making = .beside, onCopy: (_ schema: Int, _ path: String) -> Void = { _, _ in }
    ) async throws(StoreError) {
        let lock = try InstanceLock(path: path + ".lock")
        let file = SQLiteFile(path: path)
        try file.make()
        try WriteAheadLog.renew(of: path)
        let connection = try Self.openWriter(file, now: now, migrations: migrations) { found throws(StoreError) in
            guard older == .beside else { return }
            onCopy(found, try SchemaCopy.make(of: path, schema: found, now: now))
        }
        let monitor = CommitMonitor()
        let reader = SQLiteReader(try file.openForReading(), monitor)
        self.path = path
        self.queueClock = queueClock
        self.reader = reader
        writer = SQLiteWriter(
            connection, of: file, beside: reader, monitor, groupLimit: groupLimit, checkPause: checkPause)
        self.lock = Mutex(lock)
    }

    /// Closes the file and lets another instance in; later calls throw `unavailable`.
    package func close() async {
        await reader.close()
        await writer.close()
        lock.withLock { $0 = nil }
    }

    /// Refuses a file with damaged pages before anything is written to it.
    ///
    /// A large file is not read through at every start; `jarvis db check` looks at it whenever somebody asks.
    private static func openWriter(
        _ file: SQLiteFile, now: Date, migrations: [Migration], _ beforeChange: (Int) throws(StoreError) -> Void
    ) throws(StoreError) -> sending SQLiteConnection {
        let connection = try file.openForWriting()
        let migrator = Migrator(migrations: migrations)
        let found = try migrator.check(connection)
        try file.checkPages(connection, upTo: checkedBytes)
        try file.prepareForWriting(connection)
        if found > 0, migrator.hasMore(than: found) { try beforeChange(found) }
        try migrator.migrate(connection, from: found, now: now)
        FaultPoint.passes("queue.release-all.before")
        try JobRows.releaseAll(on: connection)
        FaultPoint.passes("queue.release-all.after")
        return connection
    }
}
