// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisStore

/// Intents and their receipts: each is written once and never again.
enum IntentRows {
    /// Writes an intent; `corrupt` when there is one of that id.
    static func insert(_ intent: Intent, json: String, on connection: PostgresConnection) {
        let recordedAt = StoredTime.microseconds(intent.recordedAt)
        let end = intent.recordedAt.addingTimeInterval(Double(intent.remoteDeadlineSeconds))
        connection.run(
            """
            INSERT INTO intents (id, incident, step, recorded_at, ends_at, host, target, json)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            [
                .text(intent.id.description), .text(intent.incident.description), .integer(Int64(intent.step)),
                .integer(recordedAt), .integer(StoredTime.microseconds(end)), .text(intent.action.target.host.text),
                .text(IndexedText.key(intent.action.target.storedKey)), .text(json),
            ])
    }

    /// Writes what came back; `corrupt` when there is no such intent or it has its receipt.
    static func complete(
        _ intent: IntentID, with receipt: Receipt, json: String, on connection: PostgresConnection
    ) {
        var isUnknown = false
        if case .unknown = receipt.ending { isUnknown = true }
        connection.run(
            "UPDATE intents SET receipt = $2, is_unknown = $3 WHERE id = $1 AND receipt IS NULL",
            [.text(intent.description), .text(json), .text(isUnknown ? "t" : "f")]
        ) { result throws(StoreError) in
            guard result.affected == 1 else {
                throw .corrupt(what: "intent \(intent) is missing or has its receipt already")
            }
        }
    }

    /// Reads the columns `json` and `receipt`.
    static func read(_ row: PostgresRow) throws(StoreError) -> Incident.Attempt {
        try StoredAttempt.value(intent: try row.required(0), receipt: row.text(1))
    }
}
