// SPDX-License-Identifier: Apache-2.0

package import DurableQueue
package import JarvisCore

/// Everything of a `StoreChange`, encoded before anybody is kept waiting.
package struct StoredChange: Sendable {
    /// What changes.
    package let change: StoreChange
    /// Its incident.
    package let incident: StoredIncident?
    /// Its timeline entries, in order.
    package let entries: [String]
    /// Its alerts, in order.
    package let alerts: [(labels: String, json: String)]
    /// Its intent.
    package let intent: String?
    /// Its receipt.
    package let receipt: String?
    /// The snapshot of before its intent.
    package let snapshot: String?
    /// Its intent for a service's API.
    package let apiIntent: String?
    /// Its receipt for one.
    package let apiReceipt: String?
    /// Its jobs, in order.
    package let jobs: [NewJob]
    /// Its records for the audit log.
    package let audit: StoredAudit

    /// Encodes a change; throws `corrupt` for entries that belong to no incident.
    package init(_ change: StoreChange) throws(StoreError) {
        guard change.entries.isEmpty || change.incident != nil else {
            throw .corrupt(what: "timeline entries without their incident")
        }
        guard change.snapshot == nil || change.snapshot?.intent == change.intent?.id else {
            throw .corrupt(what: "a snapshot without its intent")
        }
        self.change = change
        incident = try change.incident.map(StoredIncident.init)
        entries = try change.entries.map { entry throws(StoreError) in
            try StoredJSON.text(entry, of: "a timeline entry")
        }
        alerts = try change.alerts.map { update throws(StoreError) in
            let record = update.record
            let name = "alert \(record.alert.fingerprint)"
            return (try StoredJSON.text(record.alert.labels, of: name), try StoredJSON.text(record, of: name))
        }
        intent = try change.intent.map { intent throws(StoreError) in
            try StoredJSON.text(intent, of: "intent \(intent.id)")
        }
        receipt = try change.receipt.map { receipt throws(StoreError) in
            try StoredJSON.text(receipt.receipt, of: "receipt of \(receipt.intent)")
        }
        snapshot = try change.snapshot.map { snapshot throws(StoreError) in
            try StoredJSON.text(snapshot, of: "the snapshot before \(snapshot.intent)")
        }
        apiIntent = try change.apiIntent.map { intent throws(StoreError) in
            try StoredJSON.text(intent, of: "intent \(intent.id)")
        }
        apiReceipt = try change.apiReceipt.map { receipt throws(StoreError) in
            try StoredJSON.text(receipt.receipt, of: "receipt of \(receipt.intent.id)")
        }
        jobs = try change.jobs.map(NewJob.init)
        audit = try StoredAudit(change.audit)
    }
}
