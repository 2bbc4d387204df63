// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import JarvisApp
import JarvisCore

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy everything that can't be made anew, checked, while the server runs or not.",
        discussion: """
            Makes DIRECTORY/jarvis-YYYYMMDDTHHMMSSZ (mode 0700): the database of one moment, the operator's token, the
            webhook password, the keys and the epoch that guards and hosts know, the key of the audit log, and
            backup.json with SHA-256 of each. It has that name only once it is complete, checked and on the disk, so
            whatever is there by that name can be copied elsewhere. It holds private keys: keep it as safe as the data
            directory. The configuration is not in it. Holds up nobody; meant for cron or a timer.

            Exit codes: 0 made, 1 the database is damaged (jarvis db check), 2 it can't be made.
            """)
    @Argument(help: "Where backups are kept; not in the data directory, best on another disk.") var directory: String
    @OptionGroup var options: ConfigurationOptions
    @Option(help: "Keep the newest N backups there and remove older ones.") var keep: Int?
    @Flag(help: "Print one JSON object.") var json = false

    func validate() throws {
        if let keep, keep < 1 { throw ValidationError("--keep takes 1 or more") }
    }

    private struct Result: Encodable {
        let path: String
        let bytes: Int64
        let schema: Int
        let records: Int64
        let removed: [String]
    }

    func run() throws {
        let settings = try options.loadForFile()
        let made = try reporting {
            try Backup(of: settings.configuration.dataDirectory, in: directory).make(keep: keep, now: Date())
        }
        let manifest = made.manifest
        if json {
            let result = Result(
                path: made.path, bytes: manifest.bytes, schema: manifest.schema, records: manifest.audit.sequence,
                removed: made.removed)
            Console.print(try JSONLine.of(result))
        } else {
            Console.print(
                "backup: path=\(made.path) bytes=\(manifest.bytes) files=\(manifest.files.count) "
                    + "schema=\(manifest.schema) records=\(manifest.audit.sequence) removed=\(made.removed.count)")
        }
        if made.isOnSameFileSystem {
            Console.report("note: it lies on the disk of the data directory; copy it elsewhere, too")
        }
    }
}

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Put the data directory back to what a backup holds.",
        discussion: """
            Checks all of the backup first, then replaces everything in one step; what was there goes into
            DATA/before-restore-…, nothing is deleted. Stop the server first. Interrupted in the middle, it is carried
            on by the next start.

            What was done between the backup and now is not known afterwards. So that nothing is done twice, changes
            are paused everywhere until `jarvis resume`, plans that were ready are dropped and their incidents looked
            at anew, and a step that had begun is watched, never repeated. See docs/OPERATE.md for what to do then.

            Exit codes: 0 done, 1 the backup is damaged (nothing was touched), 2 it can't be done now.
            """)
    @Argument(help: "The directory of one backup.") var backup: String
    @OptionGroup var options: ConfigurationOptions
    @Flag(help: "Only check the backup; the server may run.") var check = false

    func run() async throws {
        let folder = try reporting {
            let folder = try BackupFolder(
                at: backup.count > 1 && backup.hasSuffix("/") ? String(backup.dropLast()) : backup)
            if check { try folder.check() }
            return folder
        }
        let manifest = folder.manifest
        let holds =
            "at=\(manifest.at) bytes=\(manifest.bytes) schema=\(manifest.schema) records=\(manifest.audit.sequence)"
        guard !check else { return Console.print("backup: ok \(holds)") }
        let restore = Restore(folder, settings: try options.loadForFile())
        let done: Restore.Done
        do {
            done = try await restore.run(by: Self.person, now: Date())
        } catch {
            try reporting { throw error }
            return
        }
        Console.print("restore: ok \(holds) open_incidents=\(done.openIncidents)")
        if let aside = done.aside { Console.print("what was there before is in \(aside)") }
        Console.print("changes are paused everywhere: start the server, look at `jarvis incidents --open` and")
        Console.print("`jarvis autonomy`, then `jarvis resume`")
        if let epoch = done.epoch {
            Console.print("guards must not know a higher epoch than \(epoch): see docs/GUARD.md where they refuse")
        }
    }

    private static var person: String { ProcessInfo.processInfo.userName }
}

/// Turns what went wrong with a backup into a sentence and an exit code.
private func reporting<Result>(_ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch let code as ExitCode {
        throw code
    } catch {
        Console.report("jarvis: \(error)")
        if case .damaged? = error as? BackupError { throw ExitCode.negative }
        throw ExitCode.misconfigured
    }
}
