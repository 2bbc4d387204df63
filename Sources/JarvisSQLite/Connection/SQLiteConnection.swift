// SPDX-License-Identifier: Apache-2.0

import CSQLite
package import JarvisCore

/// One connection, used by one thread at a time.
///
/// Unsafe code: it owns a `sqlite3`, closed with it.
package final class SQLiteConnection {
    /// What a connection may do.
    enum Access {
        case readWrite
        case readOnly

        fileprivate var flags: Int32 {
            // No mutex of SQLite's own: the actor that owns the connection keeps others out.
            switch self {
            case .readWrite: SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
            case .readOnly: SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
            }
        }
    }

    private let database: OpaquePointer
    private var statements: [StatementKey: SQLiteStatement] = [:]
    private let frames = UnsafeMutablePointer<Int32>.allocate(capacity: 1)

    /// What the file or its disk did wrong.
    let faults = SQLiteFaults()

    /// Opens an existing file.
    ///
    /// Closing it leaves the write-ahead log as it is: what writes it back is `checkpoint`, which says how that went.
    init(path: String, access: Access) throws(StoreError) {
        var database: OpaquePointer?
        let code = sqlite3_open_v2(path, &database, access.flags, nil)
        guard code == SQLITE_OK, let database else {
            let message = String(cString: sqlite3_errstr(code))
            sqlite3_close_v2(database)
            throw SQLiteFailure.error(code: code, message: message, doing: "opening \(path)")
        }
        self.database = database
        frames.initialize(to: 0)
        // In place of SQLite's own checkpoints, which tell nobody that they failed.
        sqlite3_wal_hook(
            database,
            { context, _, _, count in
                context?.assumingMemoryBound(to: Int32.self).pointee = count
                return SQLITE_OK
            }, frames)
        jarvis_sqlite3_keeps_log(database, 1)
        // Only backups and a person's shell ever hold the lock; they get this long.
        sqlite3_busy_timeout(database, 5000)
    }

    // The "v2" close waits for statements that are finalised after it.
    deinit {
        sqlite3_close_v2(database)
        frames.deallocate()
    }

    /// Pages in the write-ahead log after the last commit.
    var logFrames: Int { Int(frames.pointee) }

    /// Writes what is in the write-ahead log back into the file, as far as nobody reads what it would replace.
    func checkpoint() throws(StoreError) { try execute("PRAGMA wal_checkpoint(PASSIVE)") }

    /// Writes all of the write-ahead log back, and lets closing remove it.
    func finish() throws(StoreError) {
        guard try integer("PRAGMA wal_checkpoint(TRUNCATE)") == 0 else {
            throw .unavailable(reason: "somebody else reads the database")
        }
        jarvis_sqlite3_keeps_log(database, 0)
    }

    /// Whether a transaction is open; SQLite ends one by itself when the disk is full.
    var isInTransaction: Bool { sqlite3_get_autocommit(database) == 0 }

    /// Rows that the last INSERT, UPDATE or DELETE touched.
    package var changes: Int { Int(sqlite3_changes64(database)) }

    /// Rows that INSERT, UPDATE and DELETE touched since it was opened, undone ones included.
    var totalChanges: Int { Int(sqlite3_total_changes64(database)) }

    /// Runs a script of statements without values and without results.
    package func execute(_ script: String) throws(StoreError) {
        let code = sqlite3_exec(database, script, nil, nil, nil)
        guard code == SQLITE_OK else {
            throw faults.error(
                code: code, message: String(cString: sqlite3_errmsg(database)), doing: String(script.prefix(80)))
        }
    }

    /// Runs one statement; `values` are `?1`, `?2` and so on.
    package func run(_ sql: String, _ values: [SQLiteValue] = []) throws(StoreError) {
        try statement(sql).run(values) { _ throws(StoreError) in }
    }

    /// Runs one query; what `read` makes of each row.
    package func rows<Result>(
        _ sql: String, _ values: [SQLiteValue] = [], _ read: (SQLiteRow) throws(StoreError) -> Result
    ) throws(StoreError) -> [Result] {
        var results: [Result] = []
        try statement(sql).run(values) { row throws(StoreError) in results.append(try read(row)) }
        return results
    }

    /// Runs one query and hands each row to `body`, keeping none: for results of any size.
    package func each(
        _ sql: String, _ values: [SQLiteValue] = [], _ body: (SQLiteRow) throws(StoreError) -> Void
    ) throws(StoreError) {
        try statement(sql).run(values, body)
    }

    /// The first row of a query; nil when there is none.
    package func first<Result>(
        _ sql: String, _ values: [SQLiteValue] = [], _ read: (SQLiteRow) throws(StoreError) -> Result
    ) throws(StoreError) -> Result? {
        try rows(sql, values, read).first
    }

    /// The INTEGER of a query with one row and column; nil without a row.
    package func integer(_ sql: String, _ values: [SQLiteValue] = []) throws(StoreError) -> Int64? {
        try first(sql, values) { row throws(StoreError) in row.integer(0) }
    }

    /// The statements that were compiled so far; a test asks how each finds its rows.
    var prepared: [String] { statements.keys.map(\.sql) }

    /// Compiled statements are kept: their number is that of the literals in this target.
    private func statement(_ sql: String) throws(StoreError) -> SQLiteStatement {
        let key = StatementKey(sql: sql)
        if let known = statements[key] { return known }
        let statement = try SQLiteStatement(sql, on: database, faults)
        statements[key] = statement
        return statement
    }
}

/// A statement's text, hashed by a few bytes of it: the whole would be more work than finding it.
private struct StatementKey: Hashable {
    let sql: String

    func hash(into hasher: inout Hasher) {
        hasher.combine(sql.utf8.count)
        for byte in sql.utf8.suffix(8) { hasher.combine(byte) }
    }
}
