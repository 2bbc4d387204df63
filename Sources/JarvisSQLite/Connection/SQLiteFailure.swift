// SPDX-License-Identifier: Apache-2.0

import CSQLite
import JarvisCore

/// Turns SQLite's result codes (sqlite.org/rescode.html) into the port's errors.
enum SQLiteFailure {
    /// The error for a result code.
    ///
    /// What a repair of the surroundings can cure (space, permissions, a busy file) is `unavailable`; damage and
    /// broken promises of the data are `corrupt`.
    static func error(code: Int32, message: String, doing what: String) -> StoreError {
        switch code & 0xFF {
        case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_ERROR, SQLITE_RANGE,
            SQLITE_TOOBIG, SQLITE_MISUSE:
            .corrupt(what: "\(what): \(message) (SQLite \(code))")
        default:
            .unavailable(reason: "\(what): \(message) (SQLite \(code))")
        }
    }
}
