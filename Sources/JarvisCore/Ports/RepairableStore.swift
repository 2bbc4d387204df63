// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// What a store does for its own repair.
package protocol RepairableStore: Sendable {
    /// Every hold that has not ended, asked of the store itself.
    ///
    /// Throws `unavailable` when it can't be reached, or, where `writing`, nothing can be written to the disk.
    func answer(writing: Bool, at now: Date) async throws(StoreError) -> [Hold]

    /// Appends the records of an attempt to the audit log, unless they were appended before.
    ///
    /// Durable when it returns; may be called again, by any instance, after any crash.
    func tell(_ attempt: IntentID, _ records: [AuditRecord]) async throws(StoreError)
}
