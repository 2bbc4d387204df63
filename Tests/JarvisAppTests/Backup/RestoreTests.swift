// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import FoundationEssentials
import JarvisCore
import JarvisSQLite
import JarvisTestSupport
import Testing

@testable import JarvisApp

@Suite struct `A restore` {
    private struct Crash: Error {}

    private func deliveries(_ bed: BackupBed) async throws -> Int {
        let database = try await bed.open()
        let count = try await SQLiteStore(database).statistics().deliveries
        await database.close()
        return count
    }

    /// A backup of one delivery, and a directory that went on since.
    private func goneOn() async throws -> (BackupBed, String) {
        let bed = try BackupBed()
        let database = try await bed.open()
        let store = SQLiteStore(database)
        try await store.accept(StoreSamples.delivery(1))
        let made = try bed.backUp()
        try await store.accept(StoreSamples.delivery(2))
        await database.close()
        try bed.folder.write("other token\n", to: "data/operator.token")
        try bed.folder.write("9\n", to: "data/guard.epoch")
        try bed.folder.write("private of later\n", to: "data/keys/later_ed25519")
        return (bed, made.path)
    }

    @Test func `brings back what the backup held and keeps what was there`() async throws {
        let (bed, backup) = try await goneOn()
        let done = try await bed.restore(backup)
        #expect(try await deliveries(bed) == 1)
        #expect(bed.text("data/operator.token") == "token\n")
        #expect(bed.names("data/keys") == ["nexus_ed25519", "nexus_ed25519.pub"])
        #expect(bed.text("data/services.note") == "not backed up\n")
        let aside = try #require(done.aside)
        let name = String(aside.dropFirst(bed.folder.path.count + 1))
        #expect(bed.text(name + "/operator.token") == "other token\n")
        #expect(bed.text(name + "/keys/later_ed25519") == "private of later\n")
        let report = try SQLiteInspection.report(on: aside + "/jarvis.sqlite", depth: .full)
        #expect(report.faults.isEmpty)
        #expect(report.rows.first { $0.table == "deliveries" }?.count == 2)
        #expect(!bed.names("data").contains { $0.hasPrefix("restore.") })
    }

    @Test func `into an empty place makes a data directory that works`() async throws {
        let (bed, backup) = try await goneOn()
        try FileManager.default.removeItem(atPath: bed.data)
        let done = try await bed.restore(backup)
        #expect(done.aside == nil)
        #expect(try await deliveries(bed) == 1)
        #expect(bed.text("data/keys/nexus_ed25519") == "private\n")
    }

    @Test func `never lets guards hear of a lower epoch than they know`() async throws {
        let (bed, backup) = try await goneOn()
        #expect(try await bed.restore(backup).epoch == 9)
        #expect(bed.text("data/guard.epoch") == "9\n")
    }

    @Test func `is refused while a server has the data, and touches nothing`() async throws {
        let (bed, backup) = try await goneOn()
        let database = try await bed.open()
        await #expect { try await bed.restore(backup) } throws: { error in
            (error as? BackupError)?.description.contains("another Jarvis") == true
        }
        await database.close()
        #expect(try await deliveries(bed) == 2)
        #expect(bed.text("data/operator.token") == "other token\n")
    }

    @Test func `of a damaged backup touches nothing`() async throws {
        let (bed, backup) = try await goneOn()
        try Data("tokem\n".utf8).write(to: URL(filePath: backup + "/operator.token"))
        await #expect { try await bed.restore(backup) } throws: { error in
            if case .damaged? = error as? BackupError { true } else { false }
        }
        #expect(try await deliveries(bed) == 2)
        #expect(bed.names("data").allSatisfy { !$0.hasPrefix("restore.") && !$0.hasPrefix("before-") })
    }

    @Test(arguments: PendingRestore.Point.allCases)
    func `that is interrupted is carried on by the next start`(_ point: PendingRestore.Point) async throws {
        let (bed, backup) = try await goneOn()
        let crash = BackupError.unable("crash")
        await #expect(throws: crash) {
            try await bed.restore(backup) { reached throws(BackupError) in if reached == point { throw crash } }
        }
        #expect(PendingRestore.exists(in: bed.data))
        #expect(throws: BackupError.self) { try bed.backUp(after: 60) }
        try Restore.finishInterrupted(in: bed.data)
        #expect(!PendingRestore.exists(in: bed.data))
        #expect(try await deliveries(bed) == 1)
        #expect(bed.text("data/operator.token") == "token\n")
        #expect(bed.names("data/keys") == ["nexus_ed25519", "nexus_ed25519.pub"])
        let aside = try #require(bed.names("data").first { $0.hasPrefix("before-restore-") })
        #expect(bed.text("data/\(aside)/operator.token") == "other token\n")
        #expect(FileManager.default.fileExists(atPath: bed.data + "/\(aside)/jarvis.sqlite"))
    }

    @Test func `carries on no plan and no claim, pauses changes and says so in the audit log`() async throws {
        let bed = try BackupBed()
        var database = try await bed.open()
        var store = SQLiteStore(database)
        var change = StoreChange(incident: BackupBed.aboutToAct(1))
        change.jobs = [JobRequest(.act(StoreSamples.incidentID(1)), dueAt: StoreSamples.start)]
        change.audit = [StoreSamples.auditRecord(1)]
        try await store.commit(change)
        let token = try await SQLiteJobQueue(database).claim(
            limit: 1, lease: .seconds(60), JobSelection()
        ).map(\.token)
        let made = try bed.backUp()
        await database.close()
        #expect(try await bed.restore(made.path).openIncidents == 1)

        database = try await bed.open()
        store = SQLiteStore(database)
        let incident = try #require(try await store.incident(StoreSamples.incidentID(1)))
        #expect(incident.phase == .diagnosing)
        #expect(incident.approvedUntil == nil && incident.approvedBy == nil)
        let entry = try await store.timeline(of: incident.id, after: 0, limit: 9).last
        #expect(entry?.entry.detail.contains("what was done since is not known") == true)
        let holds = try await store.holds(at: BackupBed.now.addingTimeInterval(1e9))
        #expect(holds.map(\.mode) == [.pause])
        #expect(holds.first?.host == nil)
        let records = try await AuditChain.records(of: store)
        #expect(records.map(\.event) == [.intent, .restore, .hold])
        #expect(records[1].actor == .person("ada"))
        let claimed = try await SQLiteJobQueue(database).claim(
            limit: 9, lease: .seconds(60), JobSelection())
        #expect(claimed.map(\.kind) == ["act"])
        #expect(try await SQLiteJobQueue(database).counts().map(\.kind) == ["act", "diagnose"])
        // A billion claims may have been made since: none of their tokens comes again.
        #expect(claimed.allSatisfy { $0.token > (token.first ?? 0) + 1_000_000_000 })
        await database.close()
    }

    @Test func `leaves a person's own pause as it is`() async throws {
        let bed = try BackupBed()
        let database = try await bed.open()
        let hold = Hold(mode: .pause, host: nil, by: "eve", reason: "holiday", since: BackupBed.now)
        try await SQLiteStore(database).place(hold)
        let made = try bed.backUp()
        await database.close()
        _ = try await bed.restore(made.path)
        let again = try await bed.open()
        #expect(try await SQLiteStore(again).holds(at: BackupBed.now).map(\.by) == ["eve"])
        await again.close()
    }
}
