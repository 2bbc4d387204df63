// SPDX-License-Identifier: Apache-2.0

package import JarvisCore

/// An intent and its receipt as the tables hold them.
package enum StoredAttempt {
    /// Decodes both; no receipt: nobody knows yet how it ended.
    package static func value(intent: String, receipt: String?) throws(StoreError) -> Incident.Attempt {
        let intent = try StoredJSON.value(Intent.self, intent, of: "an intent")
        guard let receipt else { return Incident.Attempt(intent: intent) }
        return Incident.Attempt(
            intent: intent, receipt: try StoredJSON.value(Receipt.self, receipt, of: "receipt of \(intent.id)"))
    }
}
