// SPDX-License-Identifier: Apache-2.0

import JarvisCore
package import JarvisHTTP

/// The last line of a drill.
package enum DrillReport {
    /// `drill: outcome=fixed verdict=verified seconds=12.3`.
    package static func line(_ incident: IncidentView, took: Duration) -> String {
        let seconds = Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
        return "drill: outcome=\(incident.closing?.outcome.rawValue ?? "none") "
            + "verdict=\(incident.closing?.verdict?.rawValue ?? "none") seconds=\((seconds * 10).rounded() / 10)"
    }
}
