// SPDX-License-Identifier: Apache-2.0

import Cryptography
package import FoundationEssentials
package import JarvisCore
import JarvisPostgres
import JarvisSQLite

/// The audit log that a configuration names, read beside the server or without one.
package struct AuditDatabase {
    private enum Source {
        case file(SQLiteAuditFile)
        case shared(PostgresAuditLog)
    }

    private let directory: String
    private let source: Source

    /// Opens it for reading.
    package init(_ configuration: Configuration) throws(StoreError) {
        directory = configuration.dataDirectory
        source =
            if let url = configuration.databaseURL {
                .shared(PostgresAuditLog(PostgresSettings(url: url.reveal())))
            } else {
                .file(try SQLiteAuditFile(path: directory + "/jarvis.sqlite"))
            }
    }

    private func forEach(_ body: (AuditEntry) -> Void) async throws(StoreError) {
        switch source {
        case .file(let file): try file.forEach(body)
        case .shared(let log): try await log.forEach(body)
        }
    }

    /// Checks it; a head is compared under `publicKey`, else under the data directory's own key.
    package func verify(head: AuditHead?, publicKey: String?) async throws -> AuditReport {
        let key = try head == nil ? nil : publicKey ?? AuditKey(in: directory).publicKey
        var verification = try AuditVerification(head: head, publicKey: key)
        try await forEach { verification.add($0) }
        return verification.report()
    }

    /// The signed end of the log as it is now; throws `AuditFault` where the log is broken, which nobody signs.
    package func head(now: Date) async throws -> AuditHead { try await export(after: nil, now: now) { _ in } }

    /// Hands the lines of an export to `write`: the records after `sequence` (nil: none at all), and last the head.
    ///
    /// Throws `AuditFault` at a break; what was handed over until then is no export, because no head ends it.
    @discardableResult
    package func export(after sequence: Int64?, now: Date, write: ([UInt8]) throws -> Void) async throws -> AuditHead {
        let key = try AuditKey(in: directory)
        var check = AuditCheck(digest: SHA256.hexDigest)
        var failure: (any Error)?
        try await forEach { entry in
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
