// SPDX-License-Identifier: Apache-2.0

package import JarvisCore

/// A line of history as the tables hold it.
package enum StoredTimelineEntry {
    /// Decodes it.
    package static func value(
        _ sequence: Int64, incident: String, json: String
    ) throws(StoreError) -> NumberedTimelineEntry {
        guard let incident = IncidentID(incident) else {
            throw .corrupt(what: "incident of timeline entry \(sequence)")
        }
        let entry = try StoredJSON.value(TimelineEntry.self, json, of: "timeline entry \(sequence)")
        return NumberedTimelineEntry(sequence: sequence, incident: incident, entry: entry)
    }
}
