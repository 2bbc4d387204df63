// SPDX-License-Identifier: Apache-2.0

import FaultPoints
import FoundationEssentials
import JarvisSQLite

/// The last part of a restore: files change places, so that a crash in the middle is carried on and not felt.
///
/// Everything new lies complete and durable in `restore.ready` before anything old is touched. From that name on the
/// restore has happened: whoever finds it (or `restore.placing`, where the old files are away already) goes on.
package enum PendingRestore {
    /// Where the new files are put together; worth nothing.
    static let partial = "restore.partial"
    private static let ready = "restore.ready"
    private static let placing = "restore.placing"
    private static let files = "files"
    private static let asideNote = "aside"

    /// Steps after which a test ends it, as a crash would.
    package enum Point: CaseIterable, Sendable {
        case committed, oneMovedAside, allMovedAside, cleared, onePlaced, allPlaced
    }

    /// The folder for the new files, made empty.
    static func begin(in data: String) throws(BackupError) -> String {
        try? FileManager.default.removeItem(atPath: "\(data)/\(partial)")
        try DurableFile.makeDirectory("\(data)/\(partial)")
        try DurableFile.makeDirectory("\(data)/\(partial)/\(files)")
        return "\(data)/\(partial)/\(files)"
    }

    /// Says that all new files are there, and that the old ones go into the folder `aside`.
    ///
    /// Durable when it returns.
    static func commit(in data: String, aside: String) throws(BackupError) {
        try DurableFile.create("\(data)/\(partial)/\(asideNote)", Array(aside.utf8))
        try DurableFile.sync(directory: "\(data)/\(partial)/\(files)")
        try DurableFile.sync(directory: "\(data)/\(partial)")
        try DurableFile.move("\(data)/\(partial)", to: "\(data)/\(ready)")
        try DurableFile.sync(directory: data)
    }

    /// Whether a restore has happened that is not carried out to its end.
    static func exists(in data: String) -> Bool {
        [ready, placing].contains { FileStatus(of: "\(data)/\($0)") != nil }
    }

    /// Throws where it does, for those who only read.
    package static func refuse(in data: String) throws(BackupError) {
        guard exists(in: data) else { return }
        throw .unable("a restore was interrupted in \(data): start the server, or restore again, to have it finished")
    }

    /// Carries it on to its end; whoever calls it holds the lock of the instance.
    static func finish(in data: String, stopAfter: (Point) throws(BackupError) -> Void = { _ in }) throws(BackupError) {
        if FileStatus(of: "\(data)/\(ready)") != nil {
            try stopAfter(.committed)
            try clear(data, stopAfter)
            try DurableFile.move("\(data)/\(ready)", to: "\(data)/\(placing)")
            try DurableFile.sync(directory: data)
            try stopAfter(.cleared)
            FaultPoint.passes("restore.place.before")
        }
        guard FileStatus(of: "\(data)/\(placing)") != nil else { return }
        let staged = "\(data)/\(placing)/\(files)"
        for name in DataFiles.replaced where FileStatus(of: "\(staged)/\(name)") != nil {
            try DurableFile.move("\(staged)/\(name)", to: "\(data)/\(name)")
            try stopAfter(.onePlaced)
        }
        try DurableFile.sync(directory: data)
        try stopAfter(.allPlaced)
        try? FileManager.default.removeItem(atPath: "\(data)/\(placing)")
    }

    private static func clear(_ data: String, _ stopAfter: (Point) throws(BackupError) -> Void) throws(BackupError) {
        guard let note = try? BoundedFile.read("\(data)/\(ready)/\(asideNote)", limit: 256).bytes else {
            throw .damaged("\(data)/\(ready) has no '\(asideNote)': move its files into \(data) yourself")
        }
        let aside = "\(data)/\(String(decoding: note, as: UTF8.self))"
        if FileStatus(of: aside) == nil { try DurableFile.makeDirectory(aside) }
        for name in DataFiles.replaced where FileStatus(of: "\(data)/\(name)") != nil {
            try DurableFile.move("\(data)/\(name)", to: "\(aside)/\(name)")
            try stopAfter(.oneMovedAside)
        }
        if let owner = FileStatus(of: data)?.owner { try DurableFile.give(aside, to: owner) }
        try DurableFile.sync(directory: aside)
        try DurableFile.sync(directory: data)
        try stopAfter(.allMovedAside)
    }
}
