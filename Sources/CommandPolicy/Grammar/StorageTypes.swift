// SPDX-License-Identifier: Apache-2.0

extension OperandType {
    /// Disks, arrays, pools, file systems and backup repositories.
    static let storageTypes: [OperandType] = [
        // Opening any other node below /dev can have effects of its own (a watchdog, a console).
        OperandType("DRIVE", "a disk or partition such as /dev/sda1", target: .device, where: isDrive),
        // The same as a second word of a change whose target is another one.
        OperandType("MEMBER", "a disk or partition, or its name in the pool") { word in
            isDrive(word) || (word.utf8.count <= 96 && word.isMade(of: "_.:-", first: ""))
        },
        OperandType("ARRAY", "an array such as /dev/md0", target: .volume) { word in
            guard let name = word.after("/dev/md"), isDrive(word) else { return false }
            return name.first == "/" || name.utf8.allSatisfy { (0x30...0x39).contains($0) }
        },
        // A pool's name begins with a letter; a number behind a command is an interval without end.
        OperandType("ZPOOL", "a pool's name", target: .dataset) { isDataset($0) && !$0.contains("/") },
        OperandType("DATASET", "a data set such as tank/data", target: .dataset) { isDataset($0) },
        OperandType("SNAPSHOT", "a snapshot such as tank/data@before", target: .dataset) { word in
            let parts = word.split(separator: "@", omittingEmptySubsequences: false)
            return parts.count == 2 && isDataset(String(parts[0])) && parts[1].utf8.count <= 128
                && String(parts[1]).isMade(of: "_.:-", first: "")
        },
        OperandType("VOLUMES", "a volume or group as vg, vg/lv or /dev/vg/lv") { word in
            let plain = word.after("/dev/") ?? word
            let parts = plain.split(separator: "/", omittingEmptySubsequences: false)
            return (plain == word ? 1...2 : 2...2).contains(parts.count) && plain.utf8.count <= 128
                && parts.allSatisfy { String($0).isMade(of: "_.+-", first: "_") }
        },
        OperandType("GROWTH", "an amount to add, such as +10G") { word in
            guard let digits = word.after("+").map({ $0.dropLast() }), let unit = word.last else { return false }
            return "MGT".contains(unit) && (1...5).contains(digits.utf8.count)
                && digits.utf8.allSatisfy { (0x30...0x39).contains($0) } && digits.first != "0"
        },
        OperandType("COLUMNS", "names of columns, joined by commas") { word in
            word.utf8.count <= 512 && word.isMade(of: "_,.:%-", first: "+")
        },
        OperandType("DRIVETYPE", "a type of smartctl such as sat or megaraid,0") { word in
            word.utf8.count <= 32 && word.isMade(of: ",+/", first: "") && word.utf8.first.map { $0 > 0x39 } == true
        },
        OperandType("MOUNTED", "a mount point below /mnt or /media, as fstab(5) knows it", target: .path) { word in
            PathRules.isPlain(word) && ["/mnt/", "/media/"].contains { word.hasPrefix($0) }
        },
        OperandType("SWAP", "a swap file such as /swapfile, or a partition", target: .path) { word in
            isDrive(word) || ["/swapfile", "/swap.img", "/swap/swapfile", "/var/swap"].contains(word)
        },
        // In btrfs(8), what follows -d, -m or -s without a blank.
        OperandType("USAGEFILTER", "a filter such as usage=50") { word in
            guard let percent = word.after("usage="), let number = Int(percent) else { return false }
            return (0...90).contains(number) && percent.utf8.count <= 2 && percent.first != "+"
        },
        OperandType("SNAPSHOTID", "the id of a restic snapshot, or latest") { word in
            word == "latest"
                || ((8...64).contains(word.utf8.count)
                    && word.utf8.allSatisfy { isLowerOrDigit($0) && ($0 < 0x3A || $0 <= UInt8(ascii: "f")) })
        },
        OperandType("KEEP", "a number from 2 to 1000") { word in
            (1...4).contains(word.utf8.count) && word.utf8.allSatisfy { (0x30...0x39).contains($0) }
                && Int(word).map { (2...1000).contains($0) } == true
        },
        OperandType("PASSWORDFILE", "a file in /etc/restic") { word in
            PathRules.isPlain(word) && word.hasPrefix("/etc/restic/")
        },
        OperandType("BORGREPO", "a repository's path", target: .repository) { isRepository($0) },
        OperandType("BORGARCHIVE", "a repository's path, ::, and an archive", target: .repository) { word in
            guard let colons = word.lastRange(of: "::") else { return false }
            let path = String(word[..<colons.lowerBound])
            let name = String(word[colons.upperBound...])
            return (path.isEmpty || isRepository(path)) && isArchive(name)
        },
        OperandType("BACKEDUP", "a folder to back up", target: .path) { word, settings throws(Refusal) in
            try settings.paths.checkListable(word)
            let first = word.split(separator: "/").first.map(String.init)
            guard let first, ["srv", "opt", "home", "data", "mnt", "media", "var", "config", "etc"].contains(first)
            else { throw Refusal("\(Refusal.show(word)) is not a folder to back up") }
        },
        // A remote of rclone's own configuration: never one made on the spot (`:sftp,host=…:`).
        OperandType("REMOTE", "a configured remote such as b2:bucket") { word in
            guard let colon = word.firstIndex(of: ":"), word.utf8.count <= 200 else { return false }
            let path = String(word[word.index(after: colon)...])
            return String(word[..<colon]).isMade(of: "_-", first: "")
                && (path.isEmpty || path.isMade(of: "_.-/ ", first: "/")) && !path.contains("..")
        },
    ]

    private static func isDrive(_ word: String) -> Bool {
        guard let name = word.after("/dev/"), word.utf8.count <= 128 else { return false }
        for folder in ["mapper/", "md/", "disk/by-id/", "disk/by-uuid/", "disk/by-label/", "disk/by-path/"] {
            if let rest = name.after(folder) { return rest != "control" && rest.isMade(of: "_.:+-", first: "_") }
        }
        let kinds = [
            "sd", "hd", "vd", "xvd", "nvme", "mmcblk", "md", "dm-", "sr", "sg", "loop", "zd", "bcache", "nbd", "ada",
            "da", "bus/",
        ]
        return kinds.contains { kind in
            name.after(kind).map { rest in
                (1...12).contains(rest.utf8.count) && rest.utf8.allSatisfy { isLowerOrDigit($0) }
            } == true
        }
    }

    private static func isDataset(_ word: String) -> Bool {
        guard word.utf8.count <= 200, word.utf8.first.map({ isASCIILetterOrDigit($0) && $0 > 0x39 }) == true else {
            return false
        }
        return word.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
            String($0).isMade(of: "_.:-", first: "")
        }
    }

    private static func isRepository(_ word: String) -> Bool {
        PathRules.isPlain(word) && !word.contains("::") && !word.hasSuffix(":")
            && ["/backup/", "/mnt/", "/srv/", "/var/backups/"].contains { word.hasPrefix($0) }
    }

    /// Letters, digits, and borg's own placeholders, which stand in braces.
    private static func isArchive(_ name: String) -> Bool {
        var plain = name
        for placeholder in ["{now}", "{utcnow}", "{hostname}", "{now:%Y-%m-%d}", "{now:%Y-%m-%dT%H:%M:%S}"] {
            while let range = plain.lastRange(of: placeholder) { plain.replaceSubrange(range, with: "0") }
        }
        return plain.utf8.count <= 128 && plain.isMade(of: "_.:-", first: "")
    }
}
