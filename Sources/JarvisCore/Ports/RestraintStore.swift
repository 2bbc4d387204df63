// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// Keeps what holds changes back.
package protocol RestraintStore: Sendable {
    /// Every hold that has not ended, oldest first; `now` decides.
    func holds(at now: Date) async throws(StoreError) -> [Hold]

    /// Places a hold, in place of one of the same mode and host.
    ///
    /// Durable when it returns, with its record in the audit log: no intent is written on what it covers after that.
    func place(_ hold: Hold) async throws(StoreError)

    /// Lifts the hold of this mode on this host (nil: the one for everywhere); returns whether there was one.
    ///
    /// Durable when it returns, with its record in the audit log if there was one.
    func lift(_ mode: Hold.Mode, host: HostName?, by person: String, at now: Date) async throws(StoreError) -> Bool

    /// How changes went that ended since `since`.
    func trackRecord(pattern: String, target: Target, since: Date) async throws(StoreError) -> TrackRecord

    /// How many steps began or run, for a target, since `since`, which lies `BlastRadius.window` before now.
    func stepCounts(on target: Target, since: Date) async throws(StoreError) -> StepCounts
}
