// SPDX-License-Identifier: Apache-2.0

extension OperandType {
    /// Paths.
    ///
    /// Each is absolute and in its plain form, so that what is judged is what is opened; the symbolic links on the host
    /// are another matter (see `PathRules`).
    static let pathTypes: [OperandType] = [
        // Its content is printed.
        OperandType("FILE", "a file that may be read", target: .path) { word, settings throws(Refusal) in
            try settings.paths.checkReadable(word)
        },
        // Names, sizes and times below it are printed, no content.
        OperandType("DIR", "a path that may be listed", target: .path) { word, settings throws(Refusal) in
            try settings.paths.checkListable(word)
        },
        OperandType("COMPOSEFILE", "a compose file in an allowed folder") { word, settings throws(Refusal) in
            try settings.paths.checkComposeFile(word)
        }.lying(in: .stack, named: { PathRules.project(of: $0) }),
        OperandType("TEMPFILE", "a file directly in /tmp", target: .path) { word in
            PathRules.isPlain(word) && word.hasPrefix("/tmp/") && !word.dropFirst(5).contains("/")
                && word.utf8.count > 5
        },
        OperandType("DATABASEFILE", "a database file in an allowed folder", target: .database) {
            word, settings throws(Refusal) in
            try settings.paths.checkDatabase(word)
        },
        OperandType("MOUNTPOINT", "a mount point", target: .path) { word in
            word == "/" || PathRules.isPlain(word)
        },
        OperandType("REPOSITORY", "a backup repository's path", target: .repository) { word in
            PathRules.isPlain(word) && ["/backup/", "/mnt/", "/srv/", "/var/backups/"].contains { word.hasPrefix($0) }
        },
    ]
}
