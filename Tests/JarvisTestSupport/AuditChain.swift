// SPDX-License-Identifier: Apache-2.0

import Cryptography
import FoundationEssentials
package import JarvisCore

/// The audit log as a test reads it.
package enum AuditChain {
    /// Every record of a log whose chain is whole; throws `BrokenPromise` where it is not.
    package static func records(of log: any AuditLog) async throws -> [AuditRecord] {
        let entries = try await log.auditEntries(after: 0, limit: .max)
        if let fault = fault(in: entries) { throw BrokenPromise(description: "the audit log: \(fault)") }
        return try entries.map { try JSONDecoder().decode(AuditRecord.self, from: Data($0.text)) }
    }

    /// Where a chain breaks.
    package static func fault(in entries: [AuditEntry], after position: AuditPosition = .beginning) -> AuditFault? {
        var check = AuditCheck(after: position, digest: SHA256.hexDigest)
        entries.forEach { check.add($0) }
        return check.fault
    }

    /// A chain of so many sample records.
    package static func sample(_ count: Int) throws -> [AuditEntry] {
        var position = AuditPosition.beginning
        return try (1...count).map { number in
            let text = Array(try StoreSamples.auditRecord(number).text().utf8)
            position = position.following(text, SHA256.hexDigest)
            return AuditEntry(sequence: position.sequence, hash: position.hash, text: text)
        }
    }
}
