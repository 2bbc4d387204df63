// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import FoundationEssentials
import JarvisCore

/// Everything of a `StoreChange`, encoded before the writer's turn and written in one go.
struct StoreChangeRows: Sendable {
    private let change: StoreChange
    private let incident: IncidentRows?
    private let entries: [String]
    private let alerts: [(labels: String, json: String)]
    private let intent: String?
    private let receipt: String?
    private let jobs: [NewJob]
    private let audit: AuditRows.Encoded

    /// Encodes a change; throws `corrupt` for entries that belong to no incident.
    init(_ change: StoreChange) throws(StoreError) {
        guard change.entries.isEmpty || change.incident != nil else {
            throw .corrupt(what: "timeline entries without their incident")
        }
        self.change = change
        incident = try change.incident.map(IncidentRows.init)
        entries = try change.entries.map { entry throws(StoreError) in
            try StoredJSON.text(entry, of: "a timeline entry")
        }
        alerts = try change.alerts.map { record throws(StoreError) in
            let name = "alert \(record.alert.fingerprint)"
            return (try StoredJSON.text(record.alert.labels, of: name), try StoredJSON.text(record, of: name))
        }
        intent = try change.intent.map { intent throws(StoreError) in
            try StoredJSON.text(intent, of: "intent \(intent.id)")
        }
        receipt = try change.receipt.map { receipt throws(StoreError) in
            try StoredJSON.text(receipt.receipt, of: "receipt of \(receipt.intent)")
        }
        jobs = try change.jobs.map(NewJob.init)
        audit = try AuditRows.Encoded(change.audit)
    }

    /// Writes all of it, the claim and the version first; whatever is thrown, the caller rolls back.
    func apply(on connection: SQLiteConnection) throws(StoreError) {
        if let claim = change.completing {
            guard try JobRows.complete(claim.job, token: claim.token, on: connection) else { throw .claimLost }
        }
        if let claim = change.holding {
            guard try JobRows.isHeld(claim.job, token: claim.token, on: connection) else { throw .claimLost }
        }
        try incident?.write(on: connection)
        try writeTimeline(on: connection)
        try writeAlerts(on: connection)
        if let intent = change.intent, let json = self.intent {
            try RestraintRows.check(intent, change.blastRadius, on: connection)
            try IntentRows.insert(intent, json: json, on: connection)
        }
        if let receipt = change.receipt, let json = self.receipt {
            try IntentRows.complete(receipt.intent, receipt: json, on: connection)
        }
        for job in jobs { try JobRows.enqueue(job, on: connection) }
        try AuditRows.append(audit, on: connection)
    }

    private func writeTimeline(on connection: SQLiteConnection) throws(StoreError) {
        guard let incident = change.incident else { return }
        for (entry, json) in zip(change.entries, entries) {
            try connection.run(
                "INSERT INTO timeline (incident, at, json) VALUES (?1, ?2, ?3)",
                [.text(incident.id.description), .integer(StoredTime.microseconds(entry.at)), .text(json)])
        }
    }

    private func writeAlerts(on connection: SQLiteConnection) throws(StoreError) {
        for (record, texts) in zip(change.alerts, alerts) {
            try connection.run(
                """
                INSERT INTO alerts (fingerprint, labels, incident, written_at, json) VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT (fingerprint, labels) DO UPDATE SET
                    incident = excluded.incident, written_at = excluded.written_at, json = excluded.json
                """,
                [
                    .text(record.alert.fingerprint.description), .text(texts.labels),
                    .optional(record.incident?.description), .integer(StoredTime.microseconds(record.writtenAt)),
                    .text(texts.json),
                ])
        }
    }
}
