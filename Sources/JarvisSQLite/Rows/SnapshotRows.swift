// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisStore

/// Sealed snapshots: each is written once, with its intent.
enum SnapshotRows {
    static func insert(_ snapshot: SealedSnapshot, json: String, on connection: SQLiteConnection) throws(StoreError) {
        try connection.run(
            "INSERT INTO snapshots (intent, incident, taken_at, json) VALUES (?1, ?2, ?3, ?4)",
            [
                .text(snapshot.intent.description), .text(snapshot.incident.description),
                .integer(StoredTime.microseconds(snapshot.takenAt)), .text(json),
            ])
    }

    /// Reads the column `json`.
    static func read(_ row: SQLiteRow) throws(StoreError) -> SealedSnapshot {
        try StoredJSON.value(SealedSnapshot.self, try row.required(0), of: "a snapshot")
    }
}
