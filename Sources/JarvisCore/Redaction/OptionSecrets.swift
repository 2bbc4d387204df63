// SPDX-License-Identifier: Apache-2.0

/// Secrets among the arguments of commands: `--password X`, `mysql -pX`, `curl -u name:X`, also as JSON arrays.
///
/// `--password=X` is a pair (`PairScanner`).
struct OptionSecrets {
    private let text: ScannedText
    private var found: [Range<Int>] = []
    private var flags: [Flag] = []

    /// An option of one letter that takes a secret in one program.
    private struct Flag {
        let letter: UInt8
        /// `-pX`, `-p X`, or both.
        let joined: Bool
        let apart: Bool
        /// The secret is what follows this byte: `name:secret`.
        let behind: UInt8?
    }

    static func secrets(in text: ScannedText) -> [Range<Int>] {
        var scanner = OptionSecrets(text: text)
        scanner.run()
        return scanner.found
    }

    private init(text: ScannedText) { self.text = text }

    private mutating func run() {
        var position = text.start
        while position < text.end {
            let byte = text.bytes[position]
            if ByteSet.wordEnds.contains(byte) {
                // Arguments of a printed array stand on lines of their own, behind commas.
                if ByteSet.commandEnds.contains(byte), text[position - 1] != UInt8(ascii: ",") { flags = [] }
                position += 1
                continue
            }
            let last = text.find(.wordEnds, from: position)
            position = word(position..<last)
        }
    }

    private mutating func word(_ word: Range<Int>) -> Int {
        let length = word.count
        guard text.bytes[word.lowerBound] == UInt8(ascii: "-"), length > 1 else {
            if length <= 64 { program(word) }
            return word.upperBound
        }
        let name = text.skip(ByteSet("-"), from: word.lowerBound, limit: 2)
        if name == word.lowerBound + 1, let flag = flags.first(where: { $0.letter == text[name] }) {
            if name + 1 < word.upperBound {
                guard flag.joined else { return word.upperBound }
                // A word may hold what else ends words.
                return take(name + 1..<text.find(.argumentEnds, from: name + 1), flag)
            }
            return flag.apart ? next(after: word.upperBound, flag: flag) : word.upperBound
        }
        guard length <= 64, length - (name - word.lowerBound) >= 4 else { return word.upperBound }
        guard !text.bytes[word].contains(UInt8(ascii: "=")), !text.bytes[word].contains(UInt8(ascii: ":")) else {
            return word.upperBound
        }
        if Self.files.contains(where: { text.hasIgnoringCase($0, at: word.upperBound - $0.count) }) {
            return word.upperBound
        }
        switch SecretName(text.bytes[name..<word.upperBound]) {
        case .password, .token: return next(after: word.upperBound, flag: nil)
        default: return word.upperBound
        }
    }

    /// The argument behind an option: the next word, or the next string of an array.
    private mutating func next(after position: Int, flag: Flag?) -> Int {
        var first = position
        if ByteSet.quotes.contains(text[first]) || text[first] == UInt8(ascii: "\\") {
            // `"--password", "X"`
            first = text.skip(ByteSet("\"'`\\"), from: first, limit: 9)
            guard text[first] == UInt8(ascii: ",") else { return position }
            first = text.skip(.whitespace, from: first + 1, limit: 256)
            guard let quoted = QuotedText(at: first, in: text) else { return position }
            return max(position, take(quoted.range, flag))
        }
        guard ByteSet.blanks.contains(text[first]) else { return position }
        first = text.skip(.blanks, from: first, limit: 8)
        if let quoted = QuotedText(at: first, in: text) { return max(position, take(quoted.range, flag)) }
        guard first < text.end, text[first] != UInt8(ascii: "-") else { return position }
        return max(position, take(first..<text.find(.argumentEnds, from: first), flag))
    }

    private mutating func take(_ range: Range<Int>, _ flag: Flag?) -> Int {
        var range = range
        if let behind = flag?.behind {
            guard let border = text.bytes[range].firstIndex(of: behind) else { return range.upperBound }
            range = border + 1..<range.upperBound
        }
        let bytes = text.bytes[range]
        if SecretValue.isPlaceholder(bytes) || bytes.starts(with: Redaction.marker.utf8) { return range.upperBound }
        // Usage texts: `--token TOKEN`, `[--password PASSWORD]`.
        if flag == nil, bytes.count < 16, bytes.dropLast().allSatisfy({ $0.isUppercase || $0 == UInt8(ascii: "_") }) {
            if SecretName(bytes) != .plain { return range.upperBound }
        }
        if !bytes.isEmpty { found.append(range) }
        return range.upperBound
    }

    private mutating func program(_ word: Range<Int>) {
        let slash = text.bytes[word].lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? word.lowerBound
        guard slash < word.upperBound, let known = Self.firstLetters, known.contains(text[slash]) else { return }
        if let flags = Self.programs[String(decoding: text.bytes[slash..<word.upperBound], as: UTF8.self)] {
            self.flags = flags
        }
    }

    private static let files = ["file", "path", "dir", "stdin", "command"].map { Array($0.utf8) }

    private static let firstLetters: ByteSet? = ByteSet(String(programs.keys.compactMap(\.first)))

    private static let programs: [String: [Flag]] = {
        func flag(_ letter: Character, joined: Bool = true, apart: Bool = true, behind: Character? = nil) -> Flag {
            Flag(letter: letter.asciiValue ?? 0, joined: joined, apart: apart, behind: behind?.asciiValue)
        }
        var programs: [String: [Flag]] = [
            "curl": [flag("u", behind: ":"), flag("U", behind: ":")], "sshpass": [flag("p")],
            "redis-cli": [flag("a", joined: false)], "valkey-cli": [flag("a", joined: false)],
            "ipmitool": [flag("P")], "smbclient": [flag("U", behind: "%")], "login": [flag("p")],
            "kinit": [], "upscmd": [flag("p")], "upsrw": [flag("p")], "restic": [],
            "nsupdate": [flag("y", behind: ":")],
            "7z": [flag("p", apart: false)], "7za": [flag("p", apart: false)], "zip": [flag("P", joined: false)],
            "unzip": [flag("P", joined: false)], "bw": [], "xfreerdp": [],
        ]
        for name in ["mysql", "mysqldump", "mysqladmin", "mariadb", "mariadb-dump", "mariadb-admin", "mysqlcheck"] {
            programs[name] = [flag("p", apart: false)]
        }
        for name in ["mongo", "mongosh", "mongodump", "mongorestore"] { programs[name] = [flag("p")] }
        for name in ["mosquitto_pub", "mosquitto_sub", "mosquitto_rr"] {
            programs[name] = [flag("P", joined: false)]
        }
        for name in ["ldapsearch", "ldapmodify", "ldapadd", "ldapwhoami"] { programs[name] = [flag("w")] }
        for name in ["snmpwalk", "snmpget", "snmpbulkwalk"] { programs[name] = [flag("c"), flag("A"), flag("X")] }
        return programs.filter { !$0.value.isEmpty }
    }()
}
