// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import JarvisCore

/// What a backup holds, in its file `backup.json`.
package struct BackupManifest: Codable, Sendable, Equatable {
    static let fileName = "backup.json"
    /// The form that this version writes and the newest that it reads.
    static let knownFormat = 1

    /// One file.
    package struct File: Codable, Sendable, Equatable {
        /// Its name, as in the data directory.
        package let name: String
        /// Its length.
        package let bytes: Int64
        /// SHA-256 of what it holds.
        package let sha256: String
    }

    /// The form of the backup.
    package let format: Int
    /// The version of Jarvis that made it.
    package let version: String
    /// The moment that it holds, as RFC 3339 in UTC.
    package let at: String
    /// The schema of its database.
    package let schema: Int
    /// How many records its audit log has, and the hash of the last one.
    package let audit: Audit
    /// The signed head of its audit log; nil where there was no key to sign with.
    package let head: AuditHead?
    /// Its files.
    package let files: [File]

    /// The end of an audit log.
    package struct Audit: Codable, Sendable, Equatable {
        /// Sequence of the last record.
        package let sequence: Int64
        /// Its hash.
        package let hash: String
    }

    /// Its length in all.
    package var bytes: Int64 { files.map(\.bytes).reduce(0, +) }

    /// The moment that it holds.
    package var date: Date? { RFC3339.parse(at) }

    func encoded() throws(BackupError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
        } catch {
            throw .unable("\(Self.fileName) can't be written: \(error)")
        }
    }
}
