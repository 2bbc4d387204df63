// SPDX-License-Identifier: Apache-2.0

import FaultPoints
package import FoundationEssentials
import JarvisCore
import JarvisEngine
import JarvisRuntime
import JarvisSQLite
import JarvisStore

/// Puts a data directory back to what a backup holds.
///
/// What was done since the backup is not known afterwards, so nothing is carried on from it: see
/// `IncidentMachine.restored` and `SQLiteStore.markRestored`.
package struct Restore: Sendable {
    /// What came of it.
    package struct Done: Sendable {
        /// Where the files are that were there before; nil: there were none.
        package let aside: String?
        /// Incidents that are open, each to be looked at anew.
        package let openIncidents: Int
        /// The epoch that the next start of the server follows; nil: no guard knows this Jarvis.
        package let epoch: UInt64?
    }

    private let backup: BackupFolder
    private let data: String
    private let settings: OperatorSettings

    /// Prepares to put a backup back into the data directory of these settings.
    package init(_ backup: BackupFolder, settings: OperatorSettings) {
        self.backup = backup
        self.settings = settings
        data = settings.configuration.dataDirectory
    }

    /// Checks the backup, then replaces everything that belongs to it in one step; `person` is who asked.
    ///
    /// Refused while a server uses the data directory. Until the last moment nothing that is there is touched; after
    /// it a crash is carried on by the next start. `stopAfter` lets a test end it in the middle.
    package func run(
        by person: String, now: Date, stopAfter: (PendingRestore.Point) throws(BackupError) -> Void = { _ in }
    ) async throws -> Done {
        try backup.check()
        try DataDirectory.prepare(data)
        let lock = try Self.lock(data)
        // Of an earlier one; its backup was whole, so this is no step back.
        try PendingRestore.finish(in: data)
        let staged = try PendingRestore.begin(in: data)
        try copy(to: staged)
        let epoch = try raiseEpoch(in: staged)
        let open = try await settle("\(staged)/\(DataFiles.database)", by: person, now: now)
        try giveToOwner(staged)
        let hadFiles = DataFiles.replaced.contains { FileStatus(of: "\(data)/\($0)") != nil }
        let aside = Self.asideName(at: now)
        FaultPoint.passes("restore.commit.before")
        try PendingRestore.commit(in: data, aside: aside)
        FaultPoint.passes("restore.commit.after")
        try PendingRestore.finish(in: data, stopAfter: stopAfter)
        FaultPoint.passes("restore.finish.after")
        _ = consume lock
        return Done(aside: hadFiles ? "\(data)/\(aside)" : nil, openIncidents: open, epoch: epoch)
    }

    /// Carries on what a crash interrupted; does nothing where nothing was.
    static func finishInterrupted(in data: String) throws {
        guard PendingRestore.exists(in: data) else { return }
        let lock = try Self.lock(data)
        try PendingRestore.finish(in: data)
        _ = consume lock
    }

    private static func lock(_ data: String) throws -> InstanceLock {
        let path = "\(data)/\(DataFiles.lock)"
        do {
            let lock = try InstanceLock(path: path)
            if let owner = FileStatus(of: data)?.owner { try DurableFile.give(path, to: owner) }
            return lock
        } catch let error as StoreError {
            throw BackupError.unable(error.description)
        }
    }

    private func copy(to staged: String) throws(BackupError) {
        let files = backup.manifest.files
        if files.contains(where: { $0.name.hasPrefix(DataFiles.keys + "/") }) {
            try DurableFile.makeDirectory("\(staged)/\(DataFiles.keys)")
        }
        for file in files {
            let content = try DurableFile.copy("\(backup.path)/\(file.name)", to: "\(staged)/\(file.name)")
            guard content.sha256 == file.sha256 else {
                throw .damaged("\(backup.path)/\(file.name) changed while it was copied")
            }
        }
        if files.contains(where: { $0.name.hasPrefix(DataFiles.keys + "/") }) {
            try DurableFile.sync(directory: "\(staged)/\(DataFiles.keys)")
        }
    }

    /// Guards let a lower epoch change nothing: where this directory has come further than the backup, that counts.
    private func raiseEpoch(in staged: String) throws(BackupError) -> UInt64? {
        let path = "\(staged)/\(DataFiles.epoch)"
        guard FileStatus(of: path) != nil else { return nil }
        let known = [path, "\(data)/\(DataFiles.epoch)"].compactMap { path -> UInt64? in
            guard let bytes = try? BoundedFile.read(path, limit: 64).bytes else { return nil }
            return UInt64(String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
        }
        guard let epoch = known.max() else { throw .damaged("\(backup.path)/\(DataFiles.epoch) is no number") }
        try? FileManager.default.removeItem(atPath: path)
        try DurableFile.create(path, Array("\(epoch)\n".utf8))
        return epoch
    }

    /// Brings the copy to this version's schema, and keeps it from carrying on what it holds; open incidents.
    private func settle(_ path: String, by person: String, now: Date) async throws -> Int {
        let machine = IncidentMachine(rules: try RulesBuilder.rules(settings, executable: "/jarvis", canaryPort: 1))
        let database: SQLiteDatabase
        do { database = try await SQLiteDatabase(path: path, now: now, older: .none) } catch {
            throw BackupError.unable(error.description)
        }
        do {
            let store = SQLiteStore(database)
            let open = try await store.incidents(openOnly: true, limit: .max)
            let ledger = IncidentLedger.offline(store, machine, now: now)
            for incident in open { try await ledger.apply(.restored(backup.date), to: incident.id) }
            try await store.markRestored(from: backup.date, by: person, at: now)
            await database.close()
            return try closed(path, open.count)
        } catch {
            await database.close()
            throw error
        }
    }

    /// Everything must be in the one file that is put in place.
    private func closed(_ path: String, _ open: Int) throws(BackupError) -> Int {
        for suffix in ["-wal", "-shm"] where FileStatus(of: path + suffix) != nil {
            throw .unable("\(path) could not be closed: is there room in \(data)?")
        }
        try? FileManager.default.removeItem(atPath: path + ".lock")
        return open
    }

    private func giveToOwner(_ staged: String) throws(BackupError) {
        guard let owner = FileStatus(of: data)?.owner else { return }
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: staged)) ?? []
        for name in names { try DurableFile.give("\(staged)/\(name)", to: owner) }
        try DurableFile.give(staged, to: owner)
    }

    private static func asideName(at now: Date) -> String {
        "before-restore-" + RFC3339.format(now).filter { $0 != "-" && $0 != ":" }
    }
}
