// SPDX-License-Identifier: Apache-2.0

extension OperandType {
    /// What programs for files take: paths that may be changed, and small values.
    static let fileTypes: [OperandType] = [
        // grep -r: a folder of logs, all of which may be printed; /var/log itself also holds logins.
        OperandType("LOGTREE", "a folder below /var/log", target: .path) { word, settings throws(Refusal) in
            let folder = word.hasSuffix("/") ? String(word.dropLast()) : word
            try settings.paths.checkReadable(folder)
            guard folder.hasPrefix("/var/log/") else {
                throw Refusal("\(Refusal.show(word)) is not a folder below /var/log")
            }
        },
        // truncate(1): evidence of others is not thrown away, and Jarvis' own never.
        OperandType("LOGFILE", "a log in a folder below /var/log", target: .path) { word, settings throws(Refusal) in
            try settings.paths.checkReadable(word)
            let parts = word.dropFirst("/var/log/".count).split(separator: "/")
            guard word.hasPrefix("/var/log/"), parts.count > 1, let name = parts.last, !isOwn(word),
                [".log", ".out", ".err"].contains(where: { name.contains($0) })
            else { throw Refusal("\(Refusal.show(word)) is not a log in a folder below /var/log") }
        },
        OperandType("LOGFOLDER", "a folder below /var/log", target: .path) { word, settings throws(Refusal) in
            try settings.paths.checkReadable(word)
            guard word.hasPrefix("/var/log/"), !isOwn(word) else {
                throw Refusal("\(Refusal.show(word)) is not a folder below /var/log")
            }
        },
        // find -delete: only what was packed or put aside by rotation.
        OperandType("LEFTOVERS", "a pattern such as *.gz or *.old") { word in
            guard let rest = word.after("*.") else { return false }
            let parts = rest.split(separator: ".", omittingEmptySubsequences: false)
            return parts.allSatisfy { part in !part.isEmpty && part.utf8.allSatisfy { isASCIILetterOrDigit($0) } }
                && ["gz", "xz", "zst", "bz2", "old"].contains(parts[parts.count - 1])
        },
        OperandType("AGE", "an age of a week or more, such as +30") { word in
            guard let days = word.after("+"), (1...4).contains(days.utf8.count) else { return false }
            return days.utf8.allSatisfy { (0x30...0x39).contains($0) } && Int(days).map { $0 >= 7 } == true
        },
        OperandType("DATAPATH", "a path of one application below /srv, /opt, /data or /mnt", target: .path) { word in
            guard PathRules.isPlain(word), !isOwn(word) else { return false }
            return ["/srv/", "/opt/", "/data/", "/mnt/"].contains { root in
                word.hasPrefix(root) && word.dropFirst(root.count).contains("/")
            }
        },
        OperandType("CONFIGPATH", "a configuration file in a folder of /etc", target: .path) {
            word, settings throws(Refusal) in
            try settings.paths.checkConfiguration(word)
            guard let rest = word.after("/etc/"), rest.contains("/") else {
                throw Refusal("\(Refusal.show(word)) is not a configuration file in a folder of /etc")
            }
        },
        // No set-uid bit, nothing that everybody may write, nothing its owner may not read.
        OperandType("FILEMODE", "a mode such as 644 or 755") { word in
            let digits = word.utf8.count == 4 && word.first == "0" ? word.dropFirst() : word[...]
            guard digits.utf8.count == 3 else { return false }
            return zip(digits, ["4567", "01234567", "0145"]).allSatisfy { $1.contains($0) }
        },
        OperandType("OWNER", "a user, or user:group") { word in
            let parts = word.split(separator: ":", omittingEmptySubsequences: false)
            return (1...2).contains(parts.count)
                && parts.allSatisfy { part in
                    part.utf8.count <= 32 && String(part).isMade(of: "_-", first: "_")
                }
        },
        // find -name: looking for keys is not diagnosis.
        OperandType("FILENAME", "a pattern for file names that are no secrets") { word in
            word.utf8.count <= 128 && word.isMade(of: "_.-*?[] +@", first: "*?_.[")
                && !PathRules.soundsSecret(word.lowercased().filter { !"*?[]".contains($0) })
        },
        OperandType("PATHPATTERN", "a pattern for paths") { word in
            word.utf8.count <= 256 && word.isMade(of: "_.-*?/+@", first: "*?_./")
                && !PathRules.soundsSecret(word.lowercased().filter { !"*?".contains($0) })
        },
        OperandType("PRINTFORMAT", "a format such as %s %p\\n") { word in
            word.utf8.count <= 128 && word.isMade(of: "%\\ _.:,;/@+-|#'\"=", first: "%\\\"'") && !hasLongNumber(word)
        },
        // grep -e: a word that is never the name of a file, should a grep take it for one.
        OperandType("WORDS", "words without slash and dot") { word in
            (1...128).contains(word.utf8.count) && word.isMade(of: " _:|-+*^$[]=,;", first: "^[_")
                && !PathRules.soundsSecret(word.lowercased())
        },
        OperandType("AWKPROGRAM", "an awk program that only picks, sums and prints fields") { AwkGrammar.isSafe($0) },
        // No long numbers and one product at most: neither `.[9999999] = 1` nor `"x" * 9999 * 9999` fits.
        OperandType("JQFILTER", "a jq filter that only picks and counts") { word in
            var digits = 0
            var products = 0
            for byte in word.utf8 {
                digits = (0x30...0x39).contains(byte) ? digits + 1 : 0
                if byte == UInt8(ascii: "*") { products += 1 }
                if digits > 6 || products > 1 { return false }
            }
            return FilterProgram.isJQ(word)
        },
        OperandType("PACKED", "an archive below a backup folder", target: .path) { word in
            PathRules.isPlain(word) && ["/backup/", "/mnt/", "/srv/", "/var/backups/"].contains { word.hasPrefix($0) }
                && [".gz", ".tgz", ".tar", ".zst", ".xz", ".zip"].contains { word.hasSuffix($0) }
        },
    ]

    private static func isOwn(_ path: String) -> Bool {
        path.lowercased().split(separator: "/").contains { $0.contains("jarvis") || $0 == "journal" }
    }
}
