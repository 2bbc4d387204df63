// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
import JarvisCore
import JarvisSQLite

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Makes backups: directories that hold the state of one moment, while the server runs or not.
///
/// A backup has its name only once it is complete, checked and durable.
package struct Backup: Sendable {
    /// What came of it.
    package struct Made: Sendable {
        /// Where it is.
        package let path: String
        /// What it holds.
        package let manifest: BackupManifest
        /// Earlier backups that were removed to keep only so many.
        package let removed: [String]
        /// Whether it would be lost together with the disk of the data directory.
        package let isOnSameFileSystem: Bool
    }

    private static let prefix = "jarvis-"
    private static let partial = ".partial-"
    /// In the data directory: when the last backup was made, how long it is, and where; for people and scripts.
    package static let noteName = "backup.last"

    private let data: String
    private let destination: String

    /// Backs up a data directory into a directory of backups, made where it is missing.
    package init(of data: String, in destination: String) throws(BackupError) {
        guard let data = Self.resolved(data), FileStatus(of: "\(data)/\(DataFiles.database)") != nil else {
            throw .unable("there is no database in '\(data)': is 'data' of the configuration right?")
        }
        // Before anything is made there.
        guard let above = Self.resolvedAbove(destination), above != data, !above.hasPrefix(data + "/") else {
            throw .unable("\(destination) lies in the data directory and would be lost together with it")
        }
        do throws(ServerError) {
            try DataDirectory.make(destination)
        } catch {
            guard case .dataDirectory(_, let reason) = error else { throw .unable("\(error)") }
            throw .unable("\(destination) can't be made: \(reason)")
        }
        guard let folder = Self.resolved(destination), FileStatus(of: folder)?.isDirectory == true else {
            throw .unable("\(destination) is not a directory that can be used")
        }
        self.data = data
        self.destination = folder
    }

    /// Makes one backup; with `keep`, then removes the oldest ones but so many.
    package func make(keep: Int? = nil, now: Date) throws(BackupError) -> Made {
        try PendingRestore.refuse(in: data)
        removeAbandoned()
        let name = Self.name(at: now)
        let path = "\(destination)/\(name)"
        guard FileStatus(of: path) == nil else { throw .unable("\(path) is there already") }
        let temporary = "\(destination)/\(Self.partial)\(name)-\(getpid())"
        let manifest: BackupManifest
        do throws(BackupError) {
            manifest = try fill(temporary, now)
            try DurableFile.move(temporary, to: path)
            try DurableFile.sync(directory: destination)
        } catch {
            Self.remove(temporary)
            throw error
        }
        note(path, manifest)
        let isBeside = FileStatus(of: data).flatMap { status in FileStatus(of: destination)?.isBeside(status) } ?? false
        return Made(
            path: path, manifest: manifest,
            removed: try keep.map { count throws(BackupError) in try prune(to: count) } ?? [],
            isOnSameFileSystem: isBeside)
    }

    private func fill(_ folder: String, _ now: Date) throws(BackupError) -> BackupManifest {
        try DurableFile.makeDirectory(folder)
        do {
            try SQLiteCopy.make(of: "\(data)/\(DataFiles.database)", at: "\(folder)/\(DataFiles.database)")
        } catch {
            throw error.isRetryable ? .unable("\(error)") : .damaged("\(error)")
        }
        let report = try BackupFolder.inspect("\(folder)/\(DataFiles.database)")
        let names = DataFiles.present(in: data)
        if names.contains(where: { $0.hasPrefix(DataFiles.keys + "/") }) {
            try DurableFile.makeDirectory("\(folder)/\(DataFiles.keys)")
        }
        let database = try DurableFile.content(of: "\(folder)/\(DataFiles.database)")
        var files = [BackupManifest.File(name: DataFiles.database, bytes: database.bytes, sha256: database.sha256)]
        for name in names {
            let content = try DurableFile.copy("\(data)/\(name)", to: "\(folder)/\(name)")
            files.append(.init(name: name, bytes: content.bytes, sha256: content.sha256))
        }
        let manifest = BackupManifest(
            format: BackupManifest.knownFormat, version: Version.text, at: RFC3339.format(now), schema: report.schema,
            audit: .init(sequence: report.audit.sequence, hash: report.audit.hash),
            head: (try? AuditKey(in: folder))?.head(at: report.audit, now: now), files: files)
        try DurableFile.create("\(folder)/\(BackupManifest.fileName)", manifest.encoded())
        if names.contains(where: { $0.hasPrefix(DataFiles.keys + "/") }) {
            try DurableFile.sync(directory: "\(folder)/\(DataFiles.keys)")
        }
        try DurableFile.sync(directory: folder)
        // What will be read after a loss is what is read here, not what was meant to be written.
        try BackupFolder(at: folder).check()
        return manifest
    }

    /// For who asks when the last one was made; a backup is one without it, too.
    private func note(_ path: String, _ manifest: BackupManifest) {
        let file = "\(data)/\(Self.noteName)"
        let fresh = "\(file).\(getpid())"
        let text = "\(manifest.at) \(manifest.bytes) \(path)\n"
        guard (try? DurableFile.create(fresh, Array(text.utf8))) != nil else { return }
        if let owner = FileStatus(of: data)?.owner { try? DurableFile.give(fresh, to: owner) }
        if rename(fresh, file) != 0 { unlink(fresh) }
    }

    /// The complete backups there are, oldest first.
    private func existing() -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: destination)) ?? []
        return names.filter { name in
            Self.isName(name) && FileStatus(of: "\(destination)/\(name)/\(BackupManifest.fileName)")?.isRegular == true
        }.sorted()
    }

    private func prune(to count: Int) throws(BackupError) -> [String] {
        let old = existing().dropLast(max(1, count))
        for name in old {
            // Out of its name first: half of a backup must not look like one.
            let doomed = "\(destination)/\(Self.partial)\(name)-\(getpid())"
            try DurableFile.move("\(destination)/\(name)", to: doomed)
            Self.remove(doomed)
        }
        return old.map { "\(destination)/\($0)" }
    }

    /// What a process left that was ended in the middle.
    private func removeAbandoned() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: destination)) ?? []
        for name in names where name.hasPrefix(Self.partial) {
            guard let pid = name.split(separator: "-").last.flatMap({ Int32($0) }), pid > 0, kill(pid, 0) != 0,
                errno == ESRCH
            else { continue }
            Self.remove("\(destination)/\(name)")
        }
    }

    private static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

    /// `jarvis-20261124T193901Z`: sorted by name is sorted by time.
    private static func name(at now: Date) -> String {
        prefix + RFC3339.format(now).prefix(19).filter { $0 != "-" && $0 != ":" } + "Z"
    }

    private static func isName(_ name: String) -> Bool {
        let stamp = name.dropFirst(prefix.count).utf8
        return name.hasPrefix(prefix) && stamp.count == 16 && stamp.last == UInt8(ascii: "Z")
            && stamp.prefix(8).allSatisfy { (48...57).contains($0) }
    }

    /// Where a path leads, as far as there is something of its name.
    private static func resolvedAbove(_ path: String) -> String? {
        var parts = path.split(separator: "/")
        while true {
            let part = (path.hasPrefix("/") ? "/" : "./") + parts.joined(separator: "/")
            if let found = resolved(part) { return found }
            guard parts.popLast() != nil else { return nil }
        }
    }

    private static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
