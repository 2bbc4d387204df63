// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisStore

/// Intents and their receipts: each is written once and never again.
enum IntentRows {
    /// Writes an intent; throws `corrupt` when there is one of that id.
    static func insert(_ intent: Intent, json: String, on connection: SQLiteConnection) throws(StoreError) {
        let id = SQLiteValue.text(intent.id.description)
        guard try connection.integer("SELECT 1 FROM intents WHERE id = ?1", [id]) == nil else {
            throw .corrupt(what: "intent \(intent.id) was recorded before")
        }
        try connection.run(
            """
            INSERT INTO intents (id, incident, step, recorded_at, json, host, target)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """,
            [
                id, .text(intent.incident.description), .integer(Int64(intent.step)),
                .integer(StoredTime.microseconds(intent.recordedAt)), .text(json),
                .text(intent.action.target.host.text), .text(intent.action.target.storedKey),
            ])
    }

    /// Writes what came back; throws `corrupt` when there is no such intent or it has its receipt.
    static func complete(_ intent: IntentID, receipt json: String, on connection: SQLiteConnection) throws(StoreError) {
        try connection.run(
            "UPDATE intents SET receipt = ?2 WHERE id = ?1 AND receipt IS NULL",
            [.text(intent.description), .text(json)])
        guard connection.changes == 1 else {
            throw .corrupt(what: "intent \(intent) is missing or has its receipt already")
        }
    }

    /// Reads the columns `json` and `receipt`.
    static func read(_ row: SQLiteRow) throws(StoreError) -> Incident.Attempt {
        try StoredAttempt.value(intent: try row.required(0), receipt: row.text(1))
    }
}
