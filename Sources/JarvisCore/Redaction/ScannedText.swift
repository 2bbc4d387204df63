// SPDX-License-Identifier: Apache-2.0

/// A part of some bytes that is read as if nothing stood around it: a position outside gives NUL.
struct ScannedText {
    let bytes: [UInt8]
    let start: Int
    let end: Int
    /// Whether something was left out before or after it.
    var startsAtGap = false
    var endsAtGap = false

    subscript(position: Int) -> UInt8 { position >= start && position < end ? bytes[position] : 0 }

    /// The first position from `position` on that is not in `set`, at most `limit` further.
    func skip(_ set: ByteSet, from position: Int, limit: Int = .max) -> Int {
        var position = position
        let last = limit == .max ? end : min(end, position + limit)
        while position < last, set.contains(bytes[position]) { position += 1 }
        return position
    }

    /// The first position from `position` on that is in `set`, else the end.
    func find(_ set: ByteSet, from position: Int) -> Int {
        var position = position
        while position < end, !set.contains(bytes[position]) { position += 1 }
        return min(position, end)
    }

    /// Whether `word` stands there.
    func has(_ word: [UInt8], at position: Int) -> Bool {
        guard position >= start, position + word.count <= end else { return false }
        for index in 0..<word.count where bytes[position + index] != word[index] { return false }
        return true
    }

    /// Whether `word`, in lower case, stands there in any case.
    func hasIgnoringCase(_ word: [UInt8], at position: Int) -> Bool {
        guard position >= start, position + word.count <= end else { return false }
        for index in 0..<word.count where bytes[position + index].lowercased != word[index] { return false }
        return true
    }

    /// The text of a range, in lower case.
    func lowercased(_ range: Range<Int>) -> String {
        String(decoding: bytes[range].map(\.lowercased), as: UTF8.self)
    }

    /// Behind an escape sequence that sets colours, when one begins there.
    func skipColours(from position: Int) -> Int {
        guard self[position] == 0x1B, self[position + 1] == UInt8(ascii: "[") else { return position }
        let last = skip(.colourArguments, from: position + 2, limit: 16)
        return self[last] == UInt8(ascii: "m") ? last + 1 : position
    }

    /// Before an escape sequence that sets colours, when one ends there.
    func skipColours(endingAt position: Int) -> Int {
        guard self[position - 1] == UInt8(ascii: "m") else { return position }
        var first = position - 2
        while position - first < 18, ByteSet.colourArguments.contains(self[first]) { first -= 1 }
        return self[first] == UInt8(ascii: "[") && self[first - 1] == 0x1B ? first - 1 : position
    }
}

/// A set of bytes.
struct ByteSet: Sendable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0
    private var others = false

    init(_ characters: String, others: Bool = false) {
        for byte in characters.utf8 { insert(byte) }
        self.others = others
    }

    private mutating func insert(_ byte: UInt8) {
        if byte < 64 { low |= 1 << UInt64(byte) } else if byte < 128 { high |= 1 << UInt64(byte - 64) }
    }

    func contains(_ byte: UInt8) -> Bool {
        if byte < 64 { return low & (1 << UInt64(byte)) != 0 }
        return byte < 128 ? high & (1 << UInt64(byte - 64)) != 0 : others
    }

    private static let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    private static let alphanumerics = letters + "0123456789"

    static let digits = ByteSet("0123456789")
    static let hexadecimal = ByteSet("0123456789abcdefABCDEF")
    static let alphanumeric = ByteSet(alphanumerics)
    static let letter = ByteSet(letters)
    static let blanks = ByteSet(" \t")
    static let whitespace = ByteSet(" \t\n\r\u{0}\u{B}\u{C}")
    static let lineEnds = ByteSet("\n\r\u{0}")
    static let quotes = ByteSet("\"'`")
    static let name = ByteSet(alphanumerics + "_-.", others: true)
    static let identifier = ByteSet(alphanumerics + "_")
    static let base64 = ByteSet(alphanumerics + "+/")
    static let base64OrURL = ByteSet(alphanumerics + "+/_-")
    static let token = ByteSet(alphanumerics + "_-")
    static let tokenOrDot = ByteSet(alphanumerics + "_-.=")
    static let hash = ByteSet(alphanumerics + "./$=,+-_:")
    static let base64Lines = ByteSet(alphanumerics + "+/=\\ \t\r\n")
    static let scheme = ByteSet(alphanumerics + "+-.")
    static let addressEnds = ByteSet(" \t\n\r\u{0}\u{1B}\"'`<>\\")
    static let argumentEnds = ByteSet(" \t\n\r\u{0}\u{B}\u{C}\"'`")
    static let colourArguments = ByteSet("0123456789;")
    static let commandEnds = ByteSet("\n\r\u{0}|;")
    static let wordEnds = ByteSet(" \t\n\r\u{0}\u{B}\u{C}\"'`,[]{}()|;")
}

extension UInt8 {
    var isUppercase: Bool { self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") }
    var isLowercase: Bool { self >= UInt8(ascii: "a") && self <= UInt8(ascii: "z") }
    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
    var lowercased: UInt8 { isUppercase ? self + 32 : self }
}

/// Some words, and which of them stands at a position of some bytes.
struct WordTable<Entry: Sendable>: Sendable {
    private let buckets: [[(word: [UInt8], entry: Entry)]]
    /// One bit for the first two bytes of every word, of at least two: nearly every position fails here.
    private let beginnings: [UInt64]

    init(_ entries: [(String, Entry)]) {
        var buckets = [[(word: [UInt8], entry: Entry)]](repeating: [], count: 256)
        var beginnings = [UInt64](repeating: 0, count: 1024)
        for (word, entry) in entries {
            let bytes = Array(word.utf8)
            guard bytes.count > 1 else { continue }
            buckets[Int(bytes[0])].append((bytes, entry))
            beginnings[Int(bytes[0]) * 4 + Int(bytes[1] >> 6)] |= 1 << UInt64(bytes[1] & 63)
        }
        self.beginnings = beginnings
        self.buckets = buckets
    }

    /// Whether a word may begin with these two bytes.
    func mayBegin(_ one: UInt8, _ two: UInt8) -> Bool {
        beginnings[Int(one) * 4 + Int(two >> 6)] & (1 << UInt64(two & 63)) != 0
    }

    /// What begins with a byte.
    func candidates(_ byte: UInt8) -> [(word: [UInt8], entry: Entry)] { buckets[Int(byte)] }
}

extension WordTable where Entry == Void {
    init(_ words: [String]) { self.init(words.map { ($0, ()) }) }

    /// Whether one of them stands anywhere in lower-case bytes.
    func occurs(in bytes: [UInt8]) -> Bool {
        for index in bytes.indices.dropLast() where mayBegin(bytes[index], bytes[index + 1]) {
            for (word, _) in buckets[Int(bytes[index])] where word.count <= bytes.count - index {
                var offset = 1
                while offset < word.count, bytes[index + offset] == word[offset] { offset += 1 }
                if offset == word.count { return true }
            }
        }
        return false
    }
}
