// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import JarvisStore

/// The rows of a change, written in one go.
enum StoreChangeRows {
    /// Writes all of it, the claim and the version first; whatever is thrown, the caller rolls back.
    static func apply(_ stored: StoredChange, on connection: SQLiteConnection) throws(StoreError) {
        let change = stored.change
        if let claim = change.completing {
            guard try JobRows.complete(claim.job, token: claim.token, on: connection) else { throw .claimLost }
        }
        if let claim = change.holding {
            guard try JobRows.isHeld(claim.job, token: claim.token, on: connection) else { throw .claimLost }
        }
        if let incident = stored.incident { try IncidentRows.write(incident, change.withdrawal, on: connection) }
        try writeTimeline(stored, on: connection)
        try writeAlerts(stored, on: connection)
        if let intent = change.intent, let json = stored.intent {
            try RestraintRows.check(intent, change.blastRadius, on: connection)
            try IntentRows.insert(intent, json: json, on: connection)
        }
        if let snapshot = change.snapshot, let json = stored.snapshot {
            try SnapshotRows.insert(snapshot, json: json, on: connection)
        }
        if let receipt = change.receipt, let json = stored.receipt {
            try IntentRows.complete(receipt.intent, receipt: json, on: connection)
        }
        if let intent = change.apiIntent, let json = stored.apiIntent {
            try RestraintRows.check(intent, on: connection)
            try IntentRows.insert(intent, json: json, on: connection)
        }
        if let (intent, _) = change.apiReceipt, let json = stored.apiReceipt {
            try IntentRows.complete(intent.id, receipt: json, on: connection)
        }
        for job in stored.jobs { try JobRows.enqueue(job, on: connection) }
        try AuditRows.append(stored.audit, on: connection)
    }

    private static func writeTimeline(_ stored: StoredChange, on connection: SQLiteConnection) throws(StoreError) {
        guard let incident = stored.change.incident else { return }
        for (entry, json) in zip(stored.change.entries, stored.entries) {
            try connection.run(
                "INSERT INTO timeline (incident, at, json) VALUES (?1, ?2, ?3)",
                [.text(incident.id.description), .integer(StoredTime.microseconds(entry.at)), .text(json)])
        }
    }

    private static func writeAlerts(_ stored: StoredChange, on connection: SQLiteConnection) throws(StoreError) {
        for (update, texts) in zip(stored.change.alerts, stored.alerts) {
            let record = update.record
            try connection.run(
                update.replaced == nil ? insertAlert : replaceAlert,
                [
                    .text(record.alert.fingerprint.description), .text(texts.labels),
                    .optional(record.incident?.description), .integer(StoredTime.microseconds(record.writtenAt)),
                    .text(texts.json), .integer(record.report),
                ] + (update.replaced.map { [.integer($0)] } ?? []))
            guard connection.changes == 1 else { throw .versionConflict }
        }
    }

    private static let insertAlert = """
        INSERT INTO alerts (fingerprint, labels, incident, written_at, json, report) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT (fingerprint, labels) DO NOTHING
        """
    private static let replaceAlert = """
        UPDATE alerts SET incident = ?3, written_at = ?4, json = ?5, report = ?6
        WHERE fingerprint = ?1 AND labels = ?2 AND report = ?7
        """
}
