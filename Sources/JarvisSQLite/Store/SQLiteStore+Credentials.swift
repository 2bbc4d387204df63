// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import JarvisCore
import JarvisStore

extension SQLiteStore: CredentialStore {
    package func credential(_ name: String) async throws(StoreError) -> String? {
        try await database.reader.read { connection throws(StoreError) in
            try connection.first("SELECT digest FROM credentials WHERE name = ?1", [.text(name)]) {
                row throws(StoreError) in try row.required(0)
            }
        }
    }

    package func saveCredentials(_ digests: [String: String], at time: Date) async throws(StoreError) -> Bool {
        do {
            try await database.writer.write { connection throws(StoreError) in
                for (name, digest) in digests {
                    try connection.run(
                        "INSERT INTO credentials (name, digest, created_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                        [.text(name), .text(digest), .integer(StoredTime.microseconds(time))])
                    // Thrown, so that nothing of it is kept.
                    guard connection.changes == 1 else { throw .versionConflict }
                }
            }
            return true
        } catch StoreError.versionConflict {
            return false
        }
    }
}
