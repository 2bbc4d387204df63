// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisStore

/// Intents and their receipts: each is written once and never again.
enum IntentRows {
    /// Writes an intent; `corrupt` when there is one of that id.
    static func insert(_ intent: Intent, json: String, on connection: PostgresConnection) {
        let target = intent.action.target
        insert(
            intent.id, intent.incident, intent.step, intent.recordedAt, seconds: intent.remoteDeadlineSeconds,
            host: target.host.text, target: IndexedText.key(target.storedKey), json: json, on: connection)
    }

    /// Writes an intent for a service's API, which has no host; `corrupt` when there is one of that id.
    static func insert(_ intent: APIIntent, json: String, on connection: PostgresConnection) {
        insert(
            intent.id, intent.incident, intent.step, intent.recordedAt, seconds: intent.deadlineSeconds, host: "",
            target: "", json: json, on: connection)
    }

    private static func insert(
        _ intent: IntentID, _ incident: IncidentID, _ step: Int, _ recordedAt: Date, seconds: Int, host: String,
        target: String, json: String, on connection: PostgresConnection
    ) {
        connection.run(
            """
            INSERT INTO intents (id, incident, step, recorded_at, ends_at, host, target, json)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            [
                .text(intent.description), .text(incident.description), .integer(Int64(step)),
                .integer(StoredTime.microseconds(recordedAt)),
                .integer(StoredTime.microseconds(recordedAt.addingTimeInterval(Double(seconds)))), .text(host),
                .text(target), .text(json),
            ])
    }

    /// Writes what came back; `corrupt` when there is no such intent or it has its receipt.
    static func complete(
        _ intent: IntentID, isUnknown: Bool, json: String, on connection: PostgresConnection
    ) {
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
