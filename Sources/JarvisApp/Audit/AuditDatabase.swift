// SPDX-License-Identifier: Apache-2.0

import Cryptography
package import FoundationEssentials
package import JarvisCore
import JarvisSQLite

/// The audit log of a data directory, read beside the server or without one.
package struct AuditDatabase {
    private let directory: String
    private let file: SQLiteAuditFile

    /// Opens it for reading.
    package init(in directory: String) throws(StoreError) {
        self.directory = directory
        file = try SQLiteAuditFile(path: directory + "/jarvis.sqlite")
    }

    /// Checks it; a head is compared under `publicKey`, else under the data directory's own key.
    package func verify(head: AuditHead?, publicKey: String?) throws -> AuditReport {
        let key = try head == nil ? nil : publicKey ?? AuditKey(in: directory).publicKey
        var verification = try AuditVerification(head: head, publicKey: key)
        try file.forEach { verification.add($0) }
        return verification.report()
    }

    /// The signed end of the log as it is now; throws `AuditFault` where the log is broken, which nobody signs.
    package func head(now: Date) throws -> AuditHead { try export(after: nil, now: now) { _ in } }

    /// Hands the lines of an export to `write`: the records after `sequence` (nil: none at all), and last the head.
    ///
    /// Throws `AuditFault` at a break; what was handed over until then is no export, because no head ends it.
    @discardableResult
    package func export(after sequence: Int64?, now: Date, write: ([UInt8]) throws -> Void) throws -> AuditHead {
        let key = try AuditKey(in: directory)
        var check = AuditCheck(digest: SHA256.hexDigest)
        var failure: (any Error)?
        try file.forEach { entry in
            check.add(entry)
            guard let sequence, failure == nil, check.fault == nil, entry.sequence >= sequence else { return }
            do {
                try write(
                    entry.sequence == sequence
                        ? AuditLine.anchor(check.position).bytes() : AuditLine.record(entry).bytes())
            } catch { failure = error }
        }
        if let fault = check.fault { throw fault }
        if let failure { throw failure }
        if let sequence, sequence > check.position.sequence { throw AuditFault(.cut, at: check.position.sequence + 1) }
        let head = key.head(at: check.position, now: now)
        try write(AuditLine.head(head).bytes())
        return head
    }
}
