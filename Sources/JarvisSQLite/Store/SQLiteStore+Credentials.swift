// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import JarvisCore
import JarvisStore

extension SQLiteStore {
    /// The digest saved under a name; nil when there is none.
    ///
    /// The store knows no secret, only digests.
    package func credential(_ name: String) async throws(StoreError) -> String? {
        try await database.reader.read { connection throws(StoreError) in
            try connection.first("SELECT digest FROM credentials WHERE name = ?1", [.text(name)]) {
                row throws(StoreError) in try row.required(0)
            }
        }
    }

    /// Saves a digest under a name, in place of an earlier one.
    package func saveCredential(_ name: String, digest: String, at time: Date) async throws(StoreError) {
        try await database.writer.write { connection throws(StoreError) in
            try connection.run(
                """
                INSERT INTO credentials (name, digest, created_at) VALUES (?1, ?2, ?3)
                ON CONFLICT (name) DO UPDATE SET digest = excluded.digest, created_at = excluded.created_at
                """,
                [.text(name), .text(digest), .integer(StoredTime.microseconds(time))])
        }
    }
}
