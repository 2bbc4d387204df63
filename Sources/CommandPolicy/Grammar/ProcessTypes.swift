// SPDX-License-Identifier: Apache-2.0

extension OperandType {
    /// What ps(1), lsof(8) and the sysstat programs take.
    static let processTypes: [OperandType] = [
        // Without `e`, which prints the environment, and without letters that take a value.
        OperandType("PSGROUP", "letters of ps such as aux, without e") { word in
            let letters = word.after("-") ?? word
            return (1...8).contains(letters.utf8.count) && letters.utf8.allSatisfy { "auxfwljrhc".utf8.contains($0) }
        },
        OperandType("PSFORMATGROUP", "letters of ps that end in o, such as axo") { word in
            let letters = (word.after("-") ?? word).dropLast()
            return word.utf8.last == UInt8(ascii: "o") && (1...4).contains(letters.utf8.count)
                && letters.utf8.allSatisfy { "axfw".utf8.contains($0) }
        },
        OperandType("PSFIELDS", "fields of ps without the environment") { word in
            word.utf8.count <= 256
                && word.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { isField($0) }
        },
        OperandType("PSSORT", "fields of ps with + or -") { word in
            word.utf8.count <= 128
                && word.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { item in
                    fields.contains(String(item.first == "-" || item.first == "+" ? item.dropFirst() : item))
                }
        },
        OperandType("PSNAME", "a name that ps cannot read as its option e") { isHarmlessAsGroup($0) },
        OperandType("KILLSIGNAL", "a signal such as -9 or -TERM") { word in
            guard let name = word.after("-") else { return false }
            return killSignals.contains(name.after("SIG") ?? name)
        },
        OperandType("PIDS", "process numbers joined by commas, or ALL") { word in
            if word == "ALL" || word == "SELF" { return true }
            let numbers = word.split(separator: ",", omittingEmptySubsequences: false)
            return word.utf8.count <= 128 && numbers.allSatisfy { isNumber($0, digits: 1...7) }
        },
        OperandType("BLOCKNAME", "a disk's name such as sda") { word in
            word.utf8.count <= 32 && word.isMade(of: "-_", first: "")
                && !(0x30...0x39).contains(word.utf8.first ?? 0x30)
        },
        // All below it is walked through.
        OperandType("SUBFOLDER", "a folder in a folder that may be listed") { word, settings throws(Refusal) in
            guard word.utf8.count(where: { $0 == 0x2F }) >= 2 else {
                throw Refusal("\(Refusal.show(word)) holds too much")
            }
            try settings.paths.checkListable(word)
        },
        // Without a host, whose name would be looked up.
        OperandType("INETSPEC", "a protocol and ports such as TCP:80") { isInternet($0[...]) },
        OperandType("LSOFINET", "-i with a protocol and ports") { word in
            word.after("-i").map { isInternet($0[...]) } == true
        },
        OperandType("PORT/PROTOCOL", "a port such as 80/tcp") { word in
            let parts = word.split(separator: "/", omittingEmptySubsequences: false)
            return parts.count == 2 && (parts[1] == "tcp" || parts[1] == "udp") && isNumber(parts[0], digits: 1...5)
        },
    ]

    private static func isNumber(_ word: Substring, digits: ClosedRange<Int>) -> Bool {
        digits.contains(word.utf8.count) && word.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// `comm`, `comm:20` or `comm=`.
    private static func isField(_ item: Substring) -> Bool {
        if item.last == "=" { return fields.contains(String(item.dropLast())) }
        let parts = item.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count <= 2 && fields.contains(String(parts[0]))
            && (parts.count == 1 || isNumber(parts[1], digits: 1...3))
    }

    /// When ps does not understand its words in one way (an unknown user is enough), it reads all of them again as
    /// letters of the BSD form, where `e` prints the environment of processes: `ps -u axe`.
    private static func isHarmlessAsGroup(_ name: String) -> Bool {
        guard name.utf8.count <= 32, name.isMade(of: "_.-", first: "_") else { return false }
        var hasEnvironment = false
        for byte in name.utf8 {
            // No letter of that form: it fails.
            if "bdiyz_.-".utf8.contains(byte) { return true }
            // The rest is the value of this letter.
            if "opktqUON".utf8.contains(byte) || (0x30...0x39).contains(byte) { return !hasEnvironment }
            if byte == UInt8(ascii: "e") { hasEnvironment = true }
        }
        return !hasEnvironment
    }

    /// `TCP`, `:80`, `4TCP:80,443`, `UDP:1000-2000`.
    private static func isInternet(_ text: Substring) -> Bool {
        var rest = text
        if rest.first == "4" || rest.first == "6" { rest = rest.dropFirst() }
        for name in ["TCP", "UDP", "tcp", "udp"] where rest.hasPrefix(name) {
            rest = rest.dropFirst(3)
            break
        }
        if rest.isEmpty { return !text.isEmpty }
        guard rest.first == ":", rest.utf8.count <= 64 else { return false }
        return rest.dropFirst().split(separator: ",", omittingEmptySubsequences: false).allSatisfy { range in
            let ends = range.split(separator: "-", omittingEmptySubsequences: false)
            return ends.count <= 2 && ends.allSatisfy { isNumber($0, digits: 1...5) }
        }
    }

    private static let killSignals: Set<String> = ["1", "2", "3", "9", "15", "HUP", "INT", "QUIT", "KILL", "TERM"]

    private static let fields: Set<String> = [
        "pid", "ppid", "pgid", "pgrp", "sid", "sess", "tid", "lwp", "nlwp", "thcount", "user", "uid", "euser", "euid",
        "ruser", "ruid", "group", "gid", "egroup", "egid", "fname", "comm", "ucmd", "ucomm", "cmd", "args", "command",
        "exe", "%cpu", "pcpu", "c", "cp", "%mem", "pmem", "rss", "rssize", "rsz", "vsz", "vsize", "size", "sz", "pss",
        "uss", "drs", "trs", "stat", "s", "state", "wchan", "nwchan", "nice", "ni", "pri", "rtprio", "cls", "class",
        "psr", "etime", "etimes", "time", "times", "cputime", "cputimes", "start", "lstart", "start_time", "stime",
        "bsdtime", "bsdstart", "tty", "tt", "tname", "unit", "slice", "cgroup", "cgname", "machine", "lxc", "oom",
        "oomadj", "min_flt", "maj_flt", "minflt", "majflt", "flags", "f", "ipcns", "mntns", "netns", "pidns",
        "userns", "utsns",
    ]
}
