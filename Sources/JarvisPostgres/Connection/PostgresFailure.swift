// SPDX-License-Identifier: Apache-2.0

import JarvisCore

/// What the server or the way to it did not do, and what that means (postgresql.org/docs/current/errcodes-appendix).
struct PostgresFailure: Sendable, Equatable {
    /// The code of the server; nil where no server answered.
    let state: String?
    /// Its reason, without values of rows.
    let message: String
    /// The constraint that was broken.
    let constraint: String?

    /// The connection is gone or of no use.
    static func lost(_ message: String) -> PostgresFailure {
        PostgresFailure(state: nil, message: message, constraint: nil)
    }

    /// Whether the same transaction may well succeed at once: it lost against another one.
    var isCollision: Bool {
        // Deadlock, serialisation; and a job that was added between the look for it and the insertion.
        ["40001", "40P01"].contains(state) || (state == "23505" && constraint == "jobs_waiting")
    }

    /// Whether the connection must be made anew, to another server maybe: this one ends or may not be written to.
    var endsConnection: Bool {
        state.map { state in ["57P", "25006", "25P03", "26"].contains { state.hasPrefix($0) } } ?? true
    }

    /// The port's error.
    ///
    /// What a repair of the surroundings can cure (a server that is away, full or overloaded, rights) is
    /// `unavailable`; damage and broken promises of the data are `corrupt`.
    func error(doing what: String) -> StoreError {
        guard let state else { return .unavailable(reason: "\(what): \(message)") }
        if state == "23505", let constraint, ["incidents_pkey", "incidents_open_target"].contains(constraint) {
            return .versionConflict
        }
        // Also a schema or a table that is away while somebody puts a dump back, and what a pooler forgot.
        let curable = [
            "08", "0A", "25", "26", "28", "3D", "3F", "40", "42501", "42P01", "53", "54", "55", "57", "58", "XX000",
        ]
        return curable.contains(where: state.hasPrefix)
            ? .unavailable(reason: "\(what): \(message) (SQLSTATE \(state))")
            : .corrupt(what: "\(what): \(message) (SQLSTATE \(state))")
    }
}
