// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// What is known of one alert over time.
package struct AlertRecord: Sendable, Equatable, Codable {
    /// The newest report.
    package var alert: Alert
    /// The incident it was last attached to.
    package var incident: IncidentID?
    /// When that report was written; repeats inside the cooldown are not.
    package var writtenAt: Date

    /// Builds a record.
    package init(alert: Alert, incident: IncidentID?, writtenAt: Date) {
        self.alert = alert
        self.incident = incident
        self.writtenAt = writtenAt
    }
}
