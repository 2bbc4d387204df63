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
