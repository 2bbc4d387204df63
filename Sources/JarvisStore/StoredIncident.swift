// SPDX-License-Identifier: Apache-2.0

package import JarvisCore

/// An incident as the tables hold it.
package struct StoredIncident: Sendable {
    /// The incident.
    package let incident: Incident
    /// All of it.
    package let json: String
    /// How it ended; nil while it is open.
    package let closing: Closing?
    /// What it is about.
    package let target: String?

    /// Reads an incident; nil where the text is damaged, for those who go on with the others.
    package static func ifReadable(_ json: String) -> Incident? {
        try? StoredJSON.value(Incident.self, json, of: "an incident")
    }

    /// Encodes an incident.
    package init(_ incident: Incident) throws(StoreError) {
        self.incident = incident
        json = try StoredJSON.text(incident, of: "incident \(incident.id)")
        if case .closed(let ending) = incident.phase { closing = ending } else { closing = nil }
        target = incident.target?.storedKey
    }
}
