// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisSQLite
import JarvisTestSupport
import Testing

@testable import JarvisApp

@Suite struct `A backup` {
    @Test func `holds everything that can't be made anew, and nobody else can read it`() async throws {
        let bed = try BackupBed()
        let database = try await bed.open()
        try await SQLiteStore(database).accept(StoreSamples.delivery(1))
        let made = try bed.backUp()
        #expect(made.path == bed.backups + "/jarvis-20270115T080000Z")
        let names = [
            "jarvis.sqlite", "operator.token", "webhook.password", "guard.key", "guard.pub", "guard.epoch", "audit.key",
            "known_hosts", "keys/nexus_ed25519", "keys/nexus_ed25519.pub",
        ]
        #expect(made.manifest.files.map(\.name) == names)
        for name in names.dropFirst() {
            #expect(bed.text("backups/jarvis-20270115T080000Z/" + name) == bed.text("data/" + name), "\(name)")
        }
        for name in try FileManager.default.subpathsOfDirectory(atPath: made.path) {
            let attributes = try FileManager.default.attributesOfItem(atPath: made.path + "/" + name)
            #expect(attributes[.posixPermissions] as? Int == (name == "keys" ? 0o700 : 0o600), "\(name)")
        }
        #expect(made.manifest.head != nil)
        #expect(made.isOnSameFileSystem)
        try BackupFolder(at: made.path).check()
        await database.close()
    }

    @Test func `of a server that is written to holds what was accepted before it, and is whole`() async throws {
        let bed = try BackupBed()
        let store = SQLiteStore(try await bed.open())
        for number in 0..<50 { try await store.accept(StoreSamples.delivery(number)) }
        let writing = Task {
            for number in 50..<1_000_000 {
                if Task.isCancelled { return }
                try await store.accept(StoreSamples.delivery(number))
            }
        }
        let made = try bed.backUp()
        writing.cancel()
        try await writing.value
        #expect(bed.names("backups") == ["jarvis-20270115T080000Z"])
        let report = try SQLiteInspection.report(on: made.path + "/jarvis.sqlite", depth: .full)
        let deliveries = report.rows.first { $0.table == "deliveries" }?.count ?? 0
        #expect(deliveries >= 50)
        #expect(report.rows.first { $0.table == "jobs" }?.count == deliveries)
        #expect(report.faults.isEmpty)
    }

    @Test func `keeps as many as asked, and removes what a killed process left`() async throws {
        let bed = try BackupBed()
        await (try await bed.open()).close()
        try FileManager.default.createDirectory(
            atPath: bed.backups + "/.partial-jarvis-x-999999999", withIntermediateDirectories: true)
        try FileManager.default.createDirectory(
            atPath: bed.backups + "/jarvis-elsewhere", withIntermediateDirectories: true)
        for second in 0..<4 { _ = try bed.backUp(keep: 2, after: Double(second)) }
        #expect(
            bed.names("backups") == ["jarvis-20270115T080002Z", "jarvis-20270115T080003Z", "jarvis-elsewhere"])
        #expect(throws: BackupError.unable(bed.backups + "/jarvis-20270115T080003Z is there already")) {
            try bed.backUp(after: 3)
        }
        #expect(bed.text("data/backup.last")?.contains("/jarvis-20270115T080003Z\n") == true)
    }

    @Test func `of a damaged database is not made, and leaves nothing`() async throws {
        let bed = try BackupBed()
        let database = try await bed.open()
        for number in 0..<200 { try await SQLiteStore(database).accept(StoreSamples.delivery(number)) }
        await database.close()
        try bed.damageDatabase()
        #expect { try bed.backUp() } throws: { error in
            if case .damaged? = error as? BackupError { true } else { false }
        }
        #expect(bed.names("backups").isEmpty)
    }

    @Test func `is not put where it would be lost together with the data`() async throws {
        let bed = try BackupBed()
        await (try await bed.open()).close()
        for place in [bed.data, bed.data + "/a/b", bed.folder.path + "/data/../data/c"] {
            #expect { try Backup(of: bed.data, in: place).make(now: BackupBed.now) } throws: { error in
                (error as? BackupError)?.description.contains("lies in the data directory") == true
            }
        }
        #expect(!bed.names("data").contains("a"))
        #expect(throws: BackupError.self) { try Backup(of: bed.folder.path + "/nowhere", in: bed.backups) }
    }

    @Test(arguments: ["jarvis.sqlite", "operator.token", "guard.key", "keys/nexus_ed25519", "backup.json", "audit.key"])
    func `of which one byte changed is refused`(_ name: String) async throws {
        let bed = try BackupBed()
        await (try await bed.open()).close()
        let made = try bed.backUp()
        let path = made.path + "/" + name
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(filePath: path))
        #expect(throws: BackupError.self) { try BackupFolder(at: made.path).check() }
    }

    @Test func `that names other files, a newer form or a newer schema is refused`() async throws {
        let bed = try BackupBed()
        await (try await bed.open()).close()
        let made = try bed.backUp()
        let manifest = try #require(bed.text("backups/jarvis-20270115T080000Z/backup.json"))
        for (from, to) in [
            ("\"operator.token\"", "\"../operator.token\""), ("\"operator.token\"", "\"jarvis.yaml\""),
            ("\"keys/nexus_ed25519\"", "\"keys/../../x\""), ("\"format\" : 1", "\"format\" : 2"),
            ("\"schema\" : \(SQLiteReport.knownSchema)", "\"schema\" : \(SQLiteReport.knownSchema + 1)"),
            ("\"sequence\" : 0", "\"sequence\" : 1"),
        ] {
            let changed = manifest.replacing(from, with: to)
            #expect(changed != manifest, "\(from)")
            try Data(changed.utf8).write(to: URL(filePath: made.path + "/backup.json"))
            #expect(throws: BackupError.self, "\(to)") { try BackupFolder(at: made.path).check() }
        }
    }
}

extension BackupBed {
    /// Writes nonsense over pages in the middle, as a bad disk does.
    func damageDatabase() throws {
        var bytes = try Data(contentsOf: URL(filePath: database))
        let middle = bytes.count / 2 / 4096 * 4096
        bytes.replaceSubrange(middle..<(middle + 4 * 4096), with: Data(repeating: 0x5A, count: 4 * 4096))
        try bytes.write(to: URL(filePath: database))
    }
}
