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

/// What the file or what it lies on did wrong, as opposed to what a statement was refused for.
enum SQLiteFault: Sendable {
    /// There was no room.
    case room
    /// Reading, writing or syncing failed, or somebody else keeps us from it.
    case disk
    /// Pages hold what can't be.
    case damage

    /// What a result code says; nil where the file is not to blame.
    init?(code: Int32) {
        switch code & 0xFF {
        case SQLITE_FULL: self = .room
        case SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM, SQLITE_PROTOCOL,
            SQLITE_BUSY:
            self = .disk
        case SQLITE_CORRUPT, SQLITE_NOTADB: self = .damage
        default: return nil
        }
    }
}

/// Remembers the faults of one connection, which the statements that meet them don't act on.
///
/// Used by one thread at a time, as the connection is.
final class SQLiteFaults {
    private var seen: SQLiteFault?

    /// The error for a result code.
    func error(code: Int32, message: String, doing what: String) -> StoreError {
        // Damage stays what it is, also when ending the transaction then fails as well.
        if let fault = SQLiteFault(code: code), seen != .damage { seen = fault }
        return SQLiteFailure.error(code: code, message: message, doing: what)
    }

    /// Whether anything was seen after which nothing more is to be written in this transaction.
    var areFatal: Bool { seen == .disk || seen == .damage }

    /// What was seen since the last time that this was asked.
    func take() -> SQLiteFault? {
        defer { seen = nil }
        return seen
    }
}
