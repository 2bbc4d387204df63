// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// What is known of one alert over time.
package struct AlertRecord: Sendable, Equatable, Codable {
    /// The newest report.
    package var alert: Alert
    /// The incident it was last attached to.
    package var incident: IncidentID?
    /// When that report was written.
    package var writtenAt: Date
    /// The place of that report in the order in which deliveries were accepted; 0 where it was not kept.
    ///
    /// It is the number of the job that takes the delivery in, which the store gave in the transaction that accepted
    /// it: no clock can turn the order round, and it is the same for all instances that share a store.
    package var report: Int64

    private enum CodingKeys: String, CodingKey { case alert, incident, writtenAt, report }

    /// Builds a record.
    package init(alert: Alert, incident: IncidentID?, writtenAt: Date, report: Int64) {
        self.alert = alert
        self.incident = incident
        self.writtenAt = writtenAt
        self.report = report
    }

    /// Reads a record, also one that was written before the order of reports was kept.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        alert = try values.decode(Alert.self, forKey: .alert)
        incident = try values.decodeIfPresent(IncidentID.self, forKey: .incident)
        writtenAt = try values.decode(Date.self, forKey: .writtenAt)
        report = try values.decodeIfPresent(Int64.self, forKey: .report) ?? 0
    }
}

/// What is now known of an alert, in place of what its writer knew.
package struct AlertUpdate: Sendable, Equatable {
    /// What is now known.
    package let record: AlertRecord
    /// The report of the record that this one was decided from; nil where there was none.
    package let replaced: Int64?

    /// Writes `record` where `known` is still what is known, nil for nothing.
    package init(_ record: AlertRecord, replacing known: AlertRecord?) {
        self.record = record
        replaced = known?.report
    }
}
