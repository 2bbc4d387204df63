// SPDX-License-Identifier: Apache-2.0

/// What taking an action back can bring back; every action of the catalogue says so.
package enum UndoScope: Sendable, Equatable {
    /// These fields of the target are made to be what the snapshot says, and are read again to prove it.
    case restores([SnapshotField])
    /// The action leaves no state that could be put back, such as a restart; a sentence for a person.
    case nothingToRestore(String)
    /// What it did can't be taken back, such as a deletion; a sentence for a person.
    case impossible(String)
}

/// One thing that a snapshot knows of a target and that an undo may restore.
package enum SnapshotField: String, Sendable, Codable, CaseIterable {
    /// Whether a container runs (`true`, `false`).
    case running
    /// Whether a container is paused (`true`, `false`).
    case paused
    /// Whether a unit or a declared service is active (`true`, `false`).
    case active
}
