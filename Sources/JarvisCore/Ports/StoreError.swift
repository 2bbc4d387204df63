// SPDX-License-Identifier: Apache-2.0

/// Why the store did not do what it was asked.
package enum StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Somebody else changed the incident first: load it again and decide anew.
    case versionConflict
    /// The job's claim is no longer held, so its result must not be recorded.
    case claimLost
    /// The intent may not be written now: somebody or something holds the step back. Nothing was stored.
    case restrained(Restraint)
    /// It can't be written now (disk full, database away); nothing was stored.
    case unavailable(reason: String)
    /// What is stored can't be read: `what` names it.
    case corrupt(what: String)
    /// The database was made by a newer version.
    case newerSchema(found: Int, known: Int)

    /// Whether asking again later may help.
    package var isRetryable: Bool {
        switch self {
        case .versionConflict, .unavailable: true
        case .claimLost, .restrained, .corrupt, .newerSchema: false
        }
    }

    /// One sentence for a person.
    package var description: String {
        switch self {
        case .versionConflict: "the incident was changed by somebody else in the meantime"
        case .claimLost: "the job's claim is no longer held"
        case .restrained(let restraint): restraint.description
        case .unavailable(let reason): "the store can't be used now: \(reason)"
        case .corrupt(let what): "the store holds something unreadable: \(what)"
        case .newerSchema(let found, let known):
            "the database has schema \(found), this version knows up to \(known): start the newer version, or restore a backup"
        }
    }
}
