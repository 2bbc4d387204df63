// SPDX-License-Identifier: Apache-2.0

/// Encrypts snapshots before they are stored.
package protocol SnapshotSealing: Sendable {
    /// Seals a snapshot; the same one never gives the same bytes twice.
    func seal(_ snapshot: Snapshot) throws(SnapshotFault) -> SealedSnapshot

    /// Opens what `seal` made.
    ///
    /// Throws when it was sealed under another key, or anything of it (which step, which target, when) was changed since.
    func open(_ sealed: SealedSnapshot) throws(SnapshotFault) -> Snapshot
}

/// Why a snapshot can't be used.
package struct SnapshotFault: Error, Equatable, CustomStringConvertible {
    /// One sentence for a person: what is wrong, and what to do.
    package let description: String

    /// Says what is wrong.
    package init(_ description: String) { self.description = description }
}
