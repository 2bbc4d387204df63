// SPDX-License-Identifier: Apache-2.0

/// How much a store holds.
package struct StoreStatistics: Sendable, Equatable {
    /// Deliveries kept.
    package let deliveries: Int
    /// Alerts that could not be understood.
    package let rejectedAlerts: Int
    /// Alert identities ever seen.
    package let alerts: Int
    /// Incidents, open ones included.
    package let incidents: Int
    /// Incidents that have not ended.
    package let openIncidents: Int
    /// Lines of history.
    package let timelineEntries: Int
    /// Steps of which nobody knows yet how they ended.
    package let pendingIntents: Int
    /// Size of the database without its write-ahead log.
    package let databaseBytes: Int

    /// Records what was counted.
    package init(
        deliveries: Int, rejectedAlerts: Int, alerts: Int, incidents: Int, openIncidents: Int, timelineEntries: Int,
        pendingIntents: Int, databaseBytes: Int
    ) {
        self.deliveries = deliveries
        self.rejectedAlerts = rejectedAlerts
        self.alerts = alerts
        self.incidents = incidents
        self.openIncidents = openIncidents
        self.timelineEntries = timelineEntries
        self.pendingIntents = pendingIntents
        self.databaseBytes = databaseBytes
    }
}
