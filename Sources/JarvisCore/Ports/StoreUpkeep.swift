// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// What a process asks of its store beside the work itself.
package protocol StoreUpkeep: Sendable {
    /// How much there is.
    func statistics() async throws(StoreError) -> StoreStatistics

    /// What there is to do now, and how large it is.
    func load() async throws(StoreError) -> StoreLoad

    /// Writes something that changes nothing, to the disk: whether that works now.
    func probeWrite() async throws(StoreError)

    /// Removes deliveries that were received before `time` and have been taken in; how many.
    ///
    /// At most `limit` of them row by row, so that new deliveries need not wait long: call it again while that many are
    /// removed. Those whose intake is still to be done, or was given up, stay.
    func pruneDeliveries(before time: Date, limit: Int) async throws(StoreError) -> Int

    /// Removes incidents that were opened and closed before `time`, with their history, steps and alerts; how many.
    ///
    /// At most `limit` of them: call it again while that many are removed. Those of an alert that was written since
    /// stay, because it may still fire. What was done stays in the audit log.
    func pruneIncidents(before time: Date, limit: Int) async throws(StoreError) -> Int

    /// Removes what is known of alerts that no incident is about, where it was written before `time`; how many.
    ///
    /// At most `limit` of them: call it again while that many are removed. They are those that ended before they were
    /// known to fire.
    func pruneAlerts(before time: Date, limit: Int) async throws(StoreError) -> Int

    /// Removes snapshots that were taken before `time`; how many.
    ///
    /// At most `limit` of them: call it again while that many are removed.
    func pruneSnapshots(before time: Date, limit: Int) async throws(StoreError) -> Int
}
