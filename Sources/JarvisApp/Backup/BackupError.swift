// SPDX-License-Identifier: Apache-2.0

/// Why a backup was not made or not put back; each is a sentence that says what to do.
package enum BackupError: Error, Equatable, CustomStringConvertible {
    /// Files, rights or room are missing; another try may succeed.
    case unable(String)
    /// What was copied, or is to be put back, is not whole.
    case damaged(String)

    /// One sentence for a person.
    package var description: String {
        switch self {
        case .unable(let reason), .damaged(let reason): reason
        }
    }
}
