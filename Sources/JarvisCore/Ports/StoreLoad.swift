// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// What a store has to do now, and how large it is; cheap enough to be asked often.
package struct StoreLoad: Sendable, Equatable {
    /// Jobs by kind and state; `claimed` ones are the leases that are held.
    package let depths: [QueueOverview.Depth]
    /// When the job that waits longest became due; nil: none waits.
    package let oldestDue: Date?
    /// Incidents that have not ended.
    package let openIncidents: Int
    /// Size of the database without its write-ahead log.
    package let databaseBytes: Int

    /// Records what was found.
    package init(depths: [QueueOverview.Depth], oldestDue: Date?, openIncidents: Int, databaseBytes: Int) {
        self.depths = depths
        self.oldestDue = oldestDue
        self.openIncidents = openIncidents
        self.databaseBytes = databaseBytes
    }
}
