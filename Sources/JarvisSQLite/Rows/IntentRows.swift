// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisStore

/// Intents and their receipts: each is written once and never again.
enum IntentRows {
    /// Writes an intent; throws `corrupt` when there is one of that id.
    static func insert(_ intent: Intent, json: String, on connection: SQLiteConnection) throws(StoreError) {
        let target = intent.action.target
        try insert(
            intent.id, intent.incident, intent.step, intent.recordedAt, host: target.host.text,
            target: target.storedKey, json: json, on: connection)
    }

    /// Writes an intent for a service's API, which has no host; throws `corrupt` when there is one of that id.
    static func insert(_ intent: APIIntent, json: String, on connection: SQLiteConnection) throws(StoreError) {
        try insert(
            intent.id, intent.incident, intent.step, intent.recordedAt, host: "", target: "", json: json,
            on: connection)
    }

    private static func insert(
        _ intent: IntentID, _ incident: IncidentID, _ step: Int, _ recordedAt: Date, host: String, target: String,
        json: String, on connection: SQLiteConnection
    ) throws(StoreError) {
        let id = SQLiteValue.text(intent.description)
        guard try connection.integer("SELECT 1 FROM intents WHERE id = ?1", [id]) == nil else {
            throw .corrupt(what: "intent \(intent) was recorded before")
        }
        try connection.run(
            """
            INSERT INTO intents (id, incident, step, recorded_at, json, host, target)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """,
            [
                id, .text(incident.description), .integer(Int64(step)),
                .integer(StoredTime.microseconds(recordedAt)), .text(json), .text(host), .text(target),
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
