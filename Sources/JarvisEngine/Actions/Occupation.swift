// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
package import JarvisCore

/// Whether something runs on a host that a change would disturb: a backup, a dump, a package upgrade.
///
/// What is stopped then may be stopped on purpose, for a consistent copy, and what is restarted may be half installed.
package enum Occupation {
    /// Seconds after which the host ends the look.
    package static let deadlineSeconds = 10
    /// Seconds for which a change waits for it; afterwards a person is told.
    package static let patience = 3600.0

    /// Programs that end by themselves when their work is done; what also runs for ever as a service is left out.
    private static let programs: [Substring: String] = {
        let kinds: [(what: String, names: String)] = [
            ("a package upgrade", "apt apt-get aptitude dpkg dnf yum zypper pacman apk rpm emerge nala"),
            (
                "a backup",
                "restic borg borgmatic duplicity duplicacy rsnapshot vzdump rdiff-backup tarsnap"
            ),
            (
                "a dump of a database",
                "pg_dump pg_dumpall pg_basebackup pg_restore mysqldump mariadb-dump mariadb-backup mariabackup "
                    + "xtrabackup mongodump mongorestore"
            ),
            ("a check or repair of a file system", "fsck e2fsck xfs_repair"),
        ]
        var programs: [Substring: String] = [:]
        // Whole names only: the kernel keeps 15 bytes (proc_pid_comm(5)), which several longer names may share.
        for kind in kinds { for name in kind.names.split(separator: " ") { programs[name] = kind.what } }
        return programs
    }()

    /// The observing step that lists states and names of all processes; nil where the policy refuses it.
    package static func step(under policy: Policy) -> JudgedStep? {
        (try? policy.judge(words: ["ps", "-e", "-o", "stat=,comm="])).map(JudgedStep.command)
    }

    /// What occupies the host, as one phrase; nil: nothing that is known, or it can't be seen.
    package static func reading(_ receipt: Receipt) -> String? {
        guard case .exited(0) = receipt.ending else { return nil }
        for line in receipt.standardOutput.verbatim.split(separator: "\n") {
            let words = line.split(separator: " ")
            // A zombie has ended; only its parent has not looked.
            guard words.count >= 2, words[0].first != "Z" else { continue }
            if let what = programs[words[1]] { return "\(what) (\(words[1]))" }
        }
        return nil
    }
}
