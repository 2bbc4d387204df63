// SPDX-License-Identifier: Apache-2.0

package import JarvisCore
package import JarvisHTTP

/// Prints an incident's timeline as it grows, until the incident ends.
package struct IncidentFollower: Sendable {
    private let client: OperatorClient
    private let format: TimelineFormat

    /// Follows through this client.
    package init(client: OperatorClient, format: TimelineFormat) {
        self.client = client
        self.format = format
    }

    /// Follows until the incident is closed, and returns it; asks four times a second.
    package func follow(_ id: IncidentID, print line: (String) -> Void) async throws -> IncidentView {
        var sequence: Int64 = 0
        while true {
            // Read before the timeline, so that an end that is seen has all its entries printed.
            let incident = try await client.incident(id)
            for entry in try await client.timeline(of: id, after: sequence) {
                format.lines(entry.entry).forEach(line)
                sequence = entry.sequence
            }
            if incident.closing != nil { return incident }
            try await Task.sleep(for: .milliseconds(250))
        }
    }
}
