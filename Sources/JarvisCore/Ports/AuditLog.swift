// SPDX-License-Identifier: Apache-2.0

/// The append-only, hash-chained record of everything that was done and decided.
///
/// Nothing is appended by itself: records are written in the transaction of what they are about, or not at all (see
/// `StoreChange.audit`, `RestraintStore` and `AutonomyStore`). What is refused leaves no record. Of a repair of the
/// store itself they are written when it is back (`RepairableStore.tell`).
package protocol AuditLog: Sendable {
    /// Records after `sequence` as they are stored, in order, at most `limit`.
    func auditEntries(after sequence: Int64, limit: Int) async throws(StoreError) -> [AuditEntry]
}
