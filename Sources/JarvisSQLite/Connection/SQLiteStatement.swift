// SPDX-License-Identifier: Apache-2.0

import CSQLite
package import JarvisCore

/// A prepared statement.
///
/// Unsafe code: it owns a `sqlite3_stmt`, finalised with it. The connection that made it outlives it and is used by
/// one thread at a time.
final class SQLiteStatement {
    private let handle: OpaquePointer
    private let database: OpaquePointer
    private let sql: String
    private let faults: SQLiteFaults

    /// Compiles one statement.
    init(_ sql: String, on database: OpaquePointer, _ faults: SQLiteFaults) throws(StoreError) {
        var handle: OpaquePointer?
        let code = sqlite3_prepare_v3(database, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard code == SQLITE_OK, let handle else {
            throw faults.error(code: code, message: String(cString: sqlite3_errmsg(database)), doing: sql)
        }
        self.faults = faults
        self.handle = handle
        self.database = database
        self.sql = sql
    }

    deinit { sqlite3_finalize(handle) }

    /// Runs it with these values for `?1`, `?2`, … and hands each row to `body`.
    func run(_ values: [SQLiteValue], _ body: (SQLiteRow) throws(StoreError) -> Void) throws(StoreError) {
        // Frees locks and bound values whatever happens; its result repeats an error that was thrown already.
        defer {
            sqlite3_reset(handle)
            sqlite3_clear_bindings(handle)
        }
        for (index, value) in values.enumerated() { try bind(value, at: Int32(index + 1)) }
        while true {
            let code = sqlite3_step(handle)
            switch code {
            case SQLITE_ROW: try body(SQLiteRow(statement: handle))
            case SQLITE_DONE: return
            default: throw failure(code)
            }
        }
    }

    private func bind(_ value: SQLiteValue, at index: Int32) throws(StoreError) {
        let code =
            switch value {
            case .null: sqlite3_bind_null(handle, index)
            case .integer(let integer): sqlite3_bind_int64(handle, index, integer)
            case .text(let text): bind(text, at: index)
            }
        guard code == SQLITE_OK else { throw failure(code) }
    }

    private func bind(_ text: String, at index: Int32) -> Int32 {
        // SQLITE_TRANSIENT, which the importer can't express: SQLite copies the bytes before the call returns.
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        var text = text
        return text.withUTF8 { bytes in
            // A null pointer would bind NULL; the length says that none of this byte is read.
            guard let start = bytes.baseAddress else {
                return sqlite3_bind_text64(handle, index, "", 0, transient, UInt8(SQLITE_UTF8))
            }
            return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                sqlite3_bind_text64(handle, index, $0, UInt64(bytes.count), transient, UInt8(SQLITE_UTF8))
            }
        }
    }

    private func failure(_ code: Int32) -> StoreError {
        faults.error(code: code, message: String(cString: sqlite3_errmsg(database)), doing: sql)
    }
}

/// The current row of a running statement, valid inside the closure it is handed to.
package struct SQLiteRow {
    fileprivate let statement: OpaquePointer

    /// The INTEGER in a column, from 0; 0 for NULL.
    package func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

    /// The TEXT in a column, from 0; nil for NULL.
    package func text(_ column: Int32) -> String? {
        guard let start = sqlite3_column_text(statement, column) else { return nil }
        let bytes = UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column)))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The bytes of the TEXT in a column, from 0, also where they are no UTF-8; none for NULL.
    package func bytes(_ column: Int32) -> [UInt8] {
        guard let start = sqlite3_column_blob(statement, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column))))
    }

    /// Whether a column, from 0, holds NULL.
    package func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

    /// The TEXT in a column that is never NULL; throws `corrupt` when it is.
    package func required(_ column: Int32) throws(StoreError) -> String {
        guard let text = text(column) else { throw .corrupt(what: "a column that must be filled is empty") }
        return text
    }
}
