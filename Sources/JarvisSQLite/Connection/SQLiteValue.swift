// SPDX-License-Identifier: Apache-2.0

/// A value as SQLite stores it.
package enum SQLiteValue: Sendable, Equatable {
    /// NULL.
    case null
    /// INTEGER.
    case integer(Int64)
    /// TEXT, in UTF-8.
    case text(String)

    /// TEXT, or NULL for nil.
    package static func optional(_ text: String?) -> Self { text.map { .text($0) } ?? .null }
    /// INTEGER, or NULL for nil.
    package static func optional(_ integer: Int64?) -> Self { integer.map { .integer($0) } ?? .null }
}
