// SPDX-License-Identifier: Apache-2.0

import Foundation
import JarvisCore
import JarvisTestSupport
import Logging
import Synchronization
import Testing

@testable import JarvisApp

@Suite struct `The watch over the audit log` {
    /// A log as somebody left it.
    private struct Left: AuditLog {
        let entries: [AuditEntry]
        var isAway = false

        func auditEntries(after sequence: Int64, limit: Int) async throws(StoreError) -> [AuditEntry] {
            if isAway { throw .unavailable(reason: "away") }
            return Array(entries.filter { $0.sequence > sequence }.prefix(limit))
        }
    }

    private final class Said: Sendable {
        let lines = Mutex<[String]>([])
    }

    private struct Listener: LogHandler {
        let said: Said
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(
            level: Logger.Level, message: Logger.Message, metadata: Logger.Metadata?, source: String, file: String,
            function: String, line: UInt
        ) {
            said.lines.withLock { $0.append("\(level) \(metadata?["fault"] ?? "")") }
        }
    }

    private func check(_ log: Left) async -> (said: [String], metrics: String) {
        let metrics = MetricsRegistry()
        let said = Said()
        AuditWatch.declare(in: metrics)
        await AuditWatch(log: log, metrics: metrics, logger: Logger(label: "test") { _ in Listener(said: said) })
            .check()
        return (said.lines.withLock { $0 }, metrics.render())
    }

    @Test func `says loudly that a record is gone, over pages of any number`() async throws {
        for place in [0, 499, 500, 1_000] {
            var entries = try AuditChain.sample(1_002)
            entries.remove(at: place)
            let (said, metrics) = await check(Left(entries: entries))
            #expect(said == ["critical record \(place + 1) is missing"])
            #expect(metrics.contains("\njarvis_audit_chain_ok 0\n"))
        }
    }

    @Test func `says that a log is whole, and nothing of one that can't be read`() async throws {
        let (said, metrics) = await check(Left(entries: try AuditChain.sample(1_000)))
        #expect(said == ["info "] && metrics.contains("jarvis_audit_chain_ok 1\n"))
        let away = await check(Left(entries: [], isAway: true))
        #expect(away.said == ["error "] && !away.metrics.contains("\njarvis_audit_chain_ok "))
    }
}

@Suite struct `The key of the audit log` {
    @Test func `is made once by the server, for this user alone, and damaged is not made anew`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "audit-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(throws: ServerError.self) { try AuditKey(in: folder) }
        let made = try AuditKey.make(in: folder)
        #expect(try AuditKey.make(in: folder).publicKey == made.publicKey)
        #expect(try AuditKey(in: folder).publicKey == made.publicKey)
        let mode = try FileManager.default.attributesOfItem(atPath: folder + "/audit.key")[.posixPermissions]
        #expect(mode as? Int == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["audit.key"])
        try "x".write(toFile: folder + "/audit.key", atomically: true, encoding: .utf8)
        #expect(throws: ServerError.self) { try AuditKey.make(in: folder) }
    }
}
