// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisSQLite
import JarvisTestSupport
import Testing

@testable import JarvisApp

/// A data directory with everything in it that a backup must hold, and a place for backups beside it.
final class BackupBed: Sendable {
    static let now = Date(timeIntervalSince1970: 1_800_000_000)

    let folder: TemporaryDirectory
    let settings: OperatorSettings
    var data: String { folder.path + "/data" }
    var backups: String { folder.path + "/backups" }
    var database: String { data + "/jarvis.sqlite" }

    init() throws {
        folder = try TemporaryDirectory()
        try folder.write("data: ./data\n", to: "jarvis.yaml")
        settings = try OperatorSettings.load(path: folder.path + "/jarvis.yaml", environment: ["HOME": folder.path])
        try FileManager.default.createDirectory(atPath: data + "/keys", withIntermediateDirectories: true)
        _ = try AuditKey.make(in: data)
        for (name, text) in [
            ("operator.token", "token\n"), ("webhook.password", "password\n"), ("guard.key", "seed\n"),
            ("guard.pub", "guard-key x\n"), ("guard.epoch", "7\n"), ("known_hosts", "nexus ssh-ed25519 AAAA\n"),
            ("keys/nexus_ed25519", "private\n"), ("keys/nexus_ed25519.pub", "public\n"),
            ("services.note", "not backed up\n"),
        ] {
            try folder.write(text, to: "data/" + name)
        }
    }

    func open() async throws -> SQLiteDatabase { try await SQLiteDatabase(path: database) }

    func backUp(keep: Int? = nil, after seconds: Double = 0) throws -> Backup.Made {
        try Backup(of: data, in: backups).make(keep: keep, now: Self.now.addingTimeInterval(seconds))
    }

    func restore(
        _ backup: String, stopAfter: (PendingRestore.Point) throws(BackupError) -> Void = { _ in }
    ) async throws -> Restore.Done {
        try await Restore(BackupFolder(at: backup), settings: settings).run(
            by: "ada", now: Self.now.addingTimeInterval(3_600), stopAfter: stopAfter)
    }

    func text(_ name: String) -> String? {
        (try? Data(contentsOf: URL(filePath: folder.path + "/" + name))).map { String(decoding: $0, as: UTF8.self) }
    }

    func names(_ name: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/" + name)) ?? []).sorted()
    }

    /// An incident whose plan is about to run, none of it begun.
    static func aboutToAct(_ number: Int) -> Incident {
        var incident = StoreSamples.incident(number, target: Target(host: .local, kind: .container, name: "c\(number)"))
        incident.phase = .acting(step: 0, intent: nil)
        incident.approvedUntil = now
        incident.approvedBy = "ada"
        return incident
    }
}
