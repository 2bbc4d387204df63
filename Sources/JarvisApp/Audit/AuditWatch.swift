// SPDX-License-Identifier: Apache-2.0

import Cryptography
import JarvisCore
import Logging

/// Checks the audit log at the start and once a day, and says loudly where it is broken.
///
/// A broken log keeps nothing from running: who damages it must not be able to stop repairs with that.
struct AuditWatch: Sendable {
    private static let pause = Duration.seconds(86_400)
    private static let pageSize = 500

    let log: any AuditLog
    let metrics: MetricsRegistry
    let logger: Logger

    /// Declares the counters.
    static func declare(in metrics: MetricsRegistry) {
        metrics.declare(
            .counter, "jarvis_audit_records_total", help: "Records appended to the audit log.", labels: ["event"])
        for event in AuditRecord.Event.allCases { metrics.add(0, to: "jarvis_audit_records_total", [event.rawValue]) }
    }

    /// Runs until cancelled.
    func run() async {
        while !Task.isCancelled {
            await check()
            do { try await Task.sleep(for: Self.pause) } catch { return }
        }
    }

    /// Reads the log page by page, so that nobody waits long for the reader.
    func check() async {
        var check = AuditCheck(digest: SHA256.hexDigest)
        var last = Int64.min
        do {
            while !Task.isCancelled {
                let page = try await log.auditEntries(after: last, limit: Self.pageSize)
                guard let end = page.last else { break }
                page.forEach { check.add($0) }
                last = end.sequence
            }
        } catch {
            return logger.error("the audit log could not be checked", metadata: ["error": "\(error)"])
        }
        guard !Task.isCancelled else { return }
        // Not before: nobody is to be alarmed by what has not been looked at.
        metrics.declare(
            .gauge, "jarvis_audit_chain_ok", help: "Whether the last check found the whole audit log as written.")
        metrics.set(check.fault == nil ? 1 : 0, of: "jarvis_audit_chain_ok")
        guard let fault = check.fault else {
            return logger.info("the audit log is whole", metadata: ["records": "\(check.position.sequence)"])
        }
        logger.critical(
            "THE AUDIT LOG IS NOT WHAT WAS WRITTEN: somebody or something changed the database",
            metadata: ["fault": "\(fault)", "see": "docs/AUDIT.md"])
    }
}
