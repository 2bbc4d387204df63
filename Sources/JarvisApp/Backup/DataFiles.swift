// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// What of the data directory belongs into a backup.
///
/// Everything that can't be made anew: the database, the operator's token and the webhook password (the database has
/// only their digests), the key and the epoch that guards know, the key that heads of the audit log are signed with, the
/// key that snapshots are sealed with, the pinned keys of hosts, and the keys made for hosts. Not what describes processes of this machine (`services`,
/// the lock), and not the configuration, which is the operator's own file elsewhere.
enum DataFiles {
    /// The database.
    static let database = "jarvis.sqlite"
    /// The lock of the instance.
    static let lock = "jarvis.sqlite.lock"
    /// The folder of the keys made for hosts.
    static let keys = "keys"
    /// The epoch that guards know.
    static let epoch = "guard.epoch"
    /// Single files beside the database; each may be missing.
    static let small = [
        "operator.token", "webhook.password", "guard.key", "guard.pub", epoch, "audit.key", SnapshotKey.name,
        "known_hosts",
    ]
    /// Everything at the top of the data directory that a restore replaces.
    static let replaced = [keys] + small + [database, database + "-wal", database + "-shm"]

    /// The files beside the database that are there, by their names in the data directory.
    static func present(in directory: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(directory)/\(keys)")) ?? []
        return small.filter { FileStatus(of: "\(directory)/\($0)")?.isRegular == true }
            + names.sorted().map { "\(keys)/\($0)" }.filter { FileStatus(of: "\(directory)/\($0)")?.isRegular == true }
    }

    /// Whether a name may stand in a backup: nothing else is ever written into a data directory.
    static func isKnown(_ name: String) -> Bool {
        if name == database || small.contains(name) { return true }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 2 && parts[0] == keys[...] && !parts[1].isEmpty && !parts[1].hasPrefix(".")
    }
}
