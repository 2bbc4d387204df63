// SPDX-License-Identifier: Apache-2.0

import CLibPQ
package import JarvisCore

/// What one statement gave.
///
/// Unsafe code: it owns a `PGresult`, cleared with it.
package final class PostgresResult {
    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) { self.handle = handle }

    deinit { PQclear(handle) }

    /// What kind of answer it is.
    var status: ExecStatusType { PQresultStatus(handle) }

    /// How many rows it has.
    package var count: Int { Int(PQntuples(handle)) }

    /// Rows that an INSERT, UPDATE or DELETE touched, or that a SELECT found.
    package var affected: Int { PQcmdTuples(handle).flatMap { Int(String(cString: $0)) } ?? 0 }

    /// What each row is made into.
    package func map<Value>(_ read: (PostgresRow) throws(StoreError) -> Value) throws(StoreError) -> [Value] {
        var values: [Value] = []
        for row in 0..<Int32(count) { values.append(try read(PostgresRow(handle: handle, row: row))) }
        return values
    }

    /// What the first row is made into; nil without a row.
    package func first<Value>(_ read: (PostgresRow) throws(StoreError) -> Value) throws(StoreError) -> Value? {
        count > 0 ? try read(PostgresRow(handle: handle, row: 0)) : nil
    }

    /// What went wrong.
    var failure: PostgresFailure {
        PostgresFailure(
            state: field(ErrorField.state), message: field(ErrorField.message) ?? "no reason was given",
            constraint: field(ErrorField.constraint))
    }

    private func field(_ code: Int32) -> String? {
        PQresultErrorField(handle, code).map { String(cString: $0) }
    }
}

/// The codes of PG_DIAG_SQLSTATE and its like, which are characters that the importer can't read.
private enum ErrorField {
    static let state = Int32(UInt8(ascii: "C"))
    static let message = Int32(UInt8(ascii: "M"))
    static let constraint = Int32(UInt8(ascii: "n"))
}

/// A row of a result, valid inside the closure it is handed to.
package struct PostgresRow {
    fileprivate let handle: OpaquePointer
    fileprivate let row: Int32

    /// The text in a column, from 0; nil for NULL.
    package func text(_ column: Int32) -> String? {
        bytes(column).map { NulText.decoded(String(decoding: $0, as: UTF8.self)) }
    }

    /// The bytes of the text in a column, from 0; nil for NULL.
    func bytes(_ column: Int32) -> UnsafeRawBufferPointer? {
        guard PQgetisnull(handle, row, column) == 0, let start = PQgetvalue(handle, row, column) else { return nil }
        return UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(handle, row, column)))
    }

    /// The text in a column that is never NULL; throws `corrupt` when it is.
    package func required(_ column: Int32) throws(StoreError) -> String {
        guard let text = text(column) else { throw .corrupt(what: "a column that must be filled is empty") }
        return text
    }

    /// The integer in a column, from 0; throws `corrupt` when there is none.
    package func integer(_ column: Int32) throws(StoreError) -> Int64 {
        guard let integer = Int64(try required(column)) else {
            throw .corrupt(what: "a column that must hold an integer holds something else")
        }
        return integer
    }
}
