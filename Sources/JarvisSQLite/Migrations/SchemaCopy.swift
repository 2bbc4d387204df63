// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import JarvisCore

/// The copy of a database that is made beside it before its schema is changed: the way back to the older version.
package enum SchemaCopy {
    /// What becomes of a database of an older schema.
    package enum Making: Sendable {
        /// It is copied first.
        case beside
        /// It is a copy itself.
        case none
    }

    /// Copies that are kept; older ones are removed.
    package static let kept = 2
    private static let partial = ".partial"

    /// Copies the database at `path`, which has schema `version`; where the copy is.
    ///
    /// Complete, checked and durable when it returns. Throws `unavailable` where it could not be made, which says what to
    /// do; nothing is left of it then.
    static func make(of path: String, schema version: Int, now: Date) throws(StoreError) -> String {
        let copy = prefix(of: path) + "\(version)-" + stamp(now)
        let temporary = copy + partial
        do throws(StoreError) {
            for name in abandoned(beside: path) { unlink(name) }
            try SQLiteCopy.make(of: path, at: temporary)
            try SQLiteFile(path: temporary).checkPages(try SQLiteConnection(path: temporary, access: .readOnly))
            guard rename(temporary, copy) == 0 else { throw failure(copy) }
            for name in abandoned(beside: path) { unlink(name) }
            try syncDirectory(of: path)
        } catch {
            for name in abandoned(beside: path) { unlink(name) }
            throw .unavailable(
                reason: "its schema \(version) has to be changed, and the copy that is made before could not be: "
                    + "\(reason(error)). Nothing was changed. Make room beside \(path), or start the version of before")
        }
        for name in existing(beside: path).dropLast(kept) { unlink(name) }
        return copy
    }

    /// The copies beside a database, oldest first.
    package static func existing(beside path: String) -> [String] {
        names(beside: path).filter { !$0.contains(partial) }
            .sorted { ($0.split(separator: "-").last ?? "", $0) < ($1.split(separator: "-").last ?? "", $1) }
    }

    /// What an attempt left, with the files that SQLite makes beside it.
    private static func abandoned(beside path: String) -> [String] {
        names(beside: path).filter { $0.contains(partial) }
    }

    private static func names(beside path: String) -> [String] {
        let directory = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.isEmpty ? "/" : directory)) ?? []
        return names.map { "\(directory)/\($0)" }.filter { $0.hasPrefix(prefix(of: path)) }
    }

    private static func prefix(of path: String) -> String { path + ".schema" }

    /// `20261124T193901Z`: sorted as text is sorted by time.
    private static func stamp(_ now: Date) -> String {
        RFC3339.format(now).prefix(19).filter { $0 != "-" && $0 != ":" } + "Z"
    }

    private static func syncDirectory(of path: String) throws(StoreError) {
        let directory = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let descriptor = open(directory.isEmpty ? "/" : directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(directory) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(directory) }
    }

    private static func failure(_ path: String) -> StoreError {
        .unavailable(reason: "\(path): \(String(cString: strerror(errno)))")
    }

    private static func reason(_ error: StoreError) -> String {
        switch error {
        case .unavailable(let reason), .corrupt(let reason): reason
        default: error.description
        }
    }
}
