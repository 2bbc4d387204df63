// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import JarvisStore

/// The rows of a change, written in one transaction.
enum StoreChangeRows {
    /// Writes all of it, the claim and the version first; whatever is thrown, the caller rolls back.
    static func apply(_ stored: StoredChange, on connection: PostgresConnection) throws(StoreError) {
        let change = stored.change
        if let claim = change.completing {
            JobRows.complete(claim.job, token: claim.token, on: connection, orThrow: .claimLost)
        }
        if let claim = change.holding {
            JobRows.hold(claim.job, token: claim.token, on: connection, orThrow: .claimLost)
        }
        if let incident = stored.incident { IncidentRows.write(incident, change.withdrawal, on: connection) }
        writeAlerts(stored, on: connection)
        if let intent = change.intent, let json = stored.intent {
            try RestraintRows.check(intent, change.blastRadius, on: connection)
            IntentRows.insert(intent, json: json, on: connection)
        }
        if let snapshot = change.snapshot, let json = stored.snapshot {
            SnapshotRows.insert(snapshot, json: json, on: connection)
        }
        if let receipt = change.receipt, let json = stored.receipt {
            var isUnknown = false
            if case .unknown = receipt.receipt.ending { isUnknown = true }
            IntentRows.complete(receipt.intent, isUnknown: isUnknown, json: json, on: connection)
        }
        if let intent = change.apiIntent, let json = stored.apiIntent {
            try RestraintRows.check(intent, on: connection)
            IntentRows.insert(intent, json: json, on: connection)
        }
        if let (intent, _) = change.apiReceipt, let json = stored.apiReceipt {
            IntentRows.complete(intent.id, isUnknown: false, json: json, on: connection)
        }
        JobRows.enqueue(stored.jobs, on: connection)
        try AuditRows.append(stored.audit, on: connection)
        TimelineRows.append(stored, on: connection)
    }

    /// In the order of their keys, so that no two transactions wait for each other's rows.
    private static func writeAlerts(_ stored: StoredChange, on connection: PostgresConnection) {
        let rows = zip(stored.change.alerts, stored.alerts).map { update, texts in
            (key: (update.record.alert.fingerprint.description, IndexedText.digest(texts.labels)), update, texts)
        }
        for (key, update, texts) in rows.sorted(by: { $0.key < $1.key }) {
            let record = update.record
            let known: [PostgresValue] = update.replaced.map { [.integer($0)] } ?? [.text(texts.labels)]
            connection.run(
                update.replaced == nil ? insertAlert : replaceAlert,
                [
                    .text(key.0), .text(key.1), .optional(record.incident?.description),
                    .integer(StoredTime.microseconds(record.writtenAt)), .text(texts.json), .integer(record.report),
                ] + known
            ) { result throws(StoreError) in
                guard result.affected == 1 else { throw .versionConflict }
            }
        }
    }

    private static let insertAlert = """
        INSERT INTO alerts (fingerprint, labels_digest, incident, written_at, json, report, labels)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (fingerprint, labels_digest) DO NOTHING
        """
    private static let replaceAlert = """
        UPDATE alerts SET incident = $3, written_at = $4, json = $5, report = $6
        WHERE fingerprint = $1 AND labels_digest = $2 AND report = $7
        """
}
