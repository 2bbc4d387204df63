// SPDX-License-Identifier: Apache-2.0

import Cryptography
package import JarvisCore

/// Records of the audit log, encoded before anybody is kept waiting, with what they are about.
package struct StoredAudit: Sendable {
    /// What each of them says happened.
    package let events: [AuditRecord.Event]
    private let texts: [String]

    /// Encodes records.
    package init(_ records: [AuditRecord]) throws(StoreError) {
        events = records.map(\.event)
        texts = try records.map { record throws(StoreError) in
            do { return try record.text() } catch {
                throw .corrupt(what: "an audit record can't be written as JSON: \(error)")
            }
        }
    }

    /// Whether there is nothing to append.
    package var isEmpty: Bool { texts.isEmpty }

    /// The records with the places they take after the end of the chain.
    package func following(_ end: AuditPosition) -> [(position: AuditPosition, text: String)] {
        var position = end
        return texts.map { text in
            position = position.following(Array(text.utf8), SHA256.hexDigest)
            return (position, text)
        }
    }
}
