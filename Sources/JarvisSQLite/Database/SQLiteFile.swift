// SPDX-License-Identifier: Apache-2.0

import Glibc
import JarvisCore

/// The file of a database and how connections to it are opened.
struct SQLiteFile: Sendable {
    /// Where it is.
    let path: String

    /// Makes it where it is missing, readable by this user alone; SQLite gives its other files the mode of this one.
    func make() throws(StoreError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw .unavailable(reason: "\(path) can't be opened: \(String(cString: strerror(errno)))")
        }
        close(descriptor)
    }

    /// A connection for the writer, which has written nothing yet.
    func openForWriting() throws(StoreError) -> sending SQLiteConnection {
        try SQLiteConnection(path: path, access: .readWrite)
    }

    /// Settles what every writer needs; throws `unavailable` where the file system can't do it.
    func prepareForWriting(_ connection: SQLiteConnection) throws(StoreError) {
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
    }

    /// A connection for the reader.
    func openForReading() throws(StoreError) -> sending SQLiteConnection {
        let connection = try SQLiteConnection(path: path, access: .readOnly)
        try connection.execute("PRAGMA cache_size = -1024; PRAGMA trusted_schema = OFF;")
        return connection
    }

    /// Throws `corrupt` where pages hold what can't be, or are not there.
    ///
    /// - Parameter limit: bytes of the longest file that is read through.
    func checkPages(_ connection: SQLiteConnection, upTo limit: Int64 = .max) throws(StoreError) {
        let bytes =
            (try connection.integer("PRAGMA page_count") ?? 0) * (try connection.integer("PRAGMA page_size") ?? 0)
        if let size = sizeWithoutLog(), size < bytes {
            throw .corrupt(what: "the database ends early: \(size) of \(bytes) bytes are there")
        }
        guard bytes <= limit else { return }
        let found = try connection.rows("PRAGMA quick_check(1)") { row throws(StoreError) in row.text(0) ?? "" }
        if let fault = found.first, fault != "ok" {
            throw .corrupt(what: "pages of the database are damaged: \(fault)")
        }
    }

    /// Bytes of the file, where no log holds what is missing in it; nil where one does.
    private func sizeWithoutLog() -> Int64? {
        var status = stat()
        if lstat(path + "-wal", &status) == 0, status.st_size > 0 { return nil }
        return lstat(path, &status) == 0 ? Int64(status.st_size) : nil
    }
}
