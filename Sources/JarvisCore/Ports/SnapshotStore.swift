// SPDX-License-Identifier: Apache-2.0

/// Reads the snapshots that were written with the intents of steps (`StoreChange.snapshot`).
///
/// They go with their incident, and after their own time (`StoreUpkeep.pruneSnapshots`).
package protocol SnapshotStore: Sendable {
    /// The snapshot taken right before the step of this intent; nil: none was, or it is gone.
    func snapshot(before intent: IntentID) async throws(StoreError) -> SealedSnapshot?

    /// Snapshots of an incident, or of all, newest first, at most `limit`.
    func snapshots(of incident: IncidentID?, limit: Int) async throws(StoreError) -> [SealedSnapshot]
}
