// SPDX-License-Identifier: Apache-2.0

/// The name before a separator.
struct PairKey {
    let range: Range<Int>
    let kind: SecretName
    /// The quote that both the name and its value stand in, as in `"KEY=value"`, and the backslashes before it.
    let outerQuote: (byte: UInt8, backslashes: Int)?
    /// Whether only blanks, a dash or `export` come before it on its line.
    let beginsLine: Bool
    /// Whether it is part of a query: `?token=…&…`.
    let isQuery: Bool
    let isUppercase: Bool
    /// Whether it stands in quotes itself, as in JSON.
    let isQuoted: Bool
    let isFile: Bool
    let isPlural: Bool
    let isCount: Bool
    let isName: Bool
    let isValue: Bool

    private static let longest = 96
    private static let name = Array("name".utf8)
    private static let key = Array("key".utf8)
    private static let value = Array("value".utf8)
    private static let pwd = Array("pwd".utf8)
    private static let pass = Array("pass".utf8)

    init?(endingAt separator: Int, in text: ScannedText) {
        var last = text.skipColours(endingAt: separator)
        if text[last - 1] == UInt8(ascii: "+") || text[last - 1] == UInt8(ascii: ":") { last -= 1 }
        let blanks = last
        while blanks - last < 8, ByteSet.blanks.contains(text[last - 1]) { last -= 1 }
        if text[last - 1] == UInt8(ascii: "]") { last -= 1 }
        var isQuoted = false
        if ByteSet.quotes.contains(text[last - 1]) {
            isQuoted = true
            last -= 1
            while blanks - last < 16, text[last - 1] == UInt8(ascii: "\\") { last -= 1 }
        }
        var first = last
        while last - first < Self.longest, ByteSet.name.contains(text[first - 1]) { first -= 1 }
        guard first < last else { return nil }
        let bytes = text.bytes
        var kind = SecretName(bytes[first..<last])
        // `private key:`, `Connection String =`: the last word alone says little.
        if text[first - 1] == UInt8(ascii: " "), last - first <= 6, kind == .plain || kind == .token || kind == .weak {
            var earlier = first - 1
            while first - earlier < 32, ByteSet.name.contains(text[earlier - 1]) { earlier -= 1 }
            let wider = SecretName(bytes[earlier..<last])
            if Self.joining.contains(text.lowercased(first..<last)) {
                kind = wider
            }
        }
        let name = last - first <= 5 ? bytes[first..<last].map(\.lowercased) : []
        isName = name == Self.name || name == Self.key
        isValue = name == Self.value
        // Nearly every name ends here.
        guard kind != .plain || isName || isValue else { return nil }
        self.kind = kind
        self.isQuoted = isQuoted
        range = first..<last
        outerQuote = isQuoted ? nil : Self.quote(before: first, in: text)
        var margin = first
        while first - margin < 64, ByteSet.blanks.contains(text[margin - 1]) || text[margin - 1] == UInt8(ascii: "-") {
            margin -= 1
        }
        if text.has(Array("export".utf8), at: margin - 7) { margin -= 7 }
        beginsLine = ByteSet.lineEnds.contains(text[margin - 1])
        isQuery = [UInt8(ascii: "?"), UInt8(ascii: "&")].contains(text[first - 1])
        isUppercase = bytes[first..<last].allSatisfy { !$0.isLowercase }
        isPlural = bytes[last - 1].lowercased == UInt8(ascii: "s")
        isCount = name == Self.pass
        let end = text.lowercased(max(first, last - 5)..<last)
        isFile =
            ["_file", "-file"].contains(end) || end.hasSuffix("file") || end.hasSuffix("dir") || end == "_path"
            || name == Self.pwd
    }

    private static let joining: Set<String> = ["key", "keys", "string", "phrase", "code", "token", "secret", "data"]

    private static func quote(before first: Int, in text: ScannedText) -> (UInt8, Int)? {
        guard ByteSet.quotes.contains(text[first - 1]) else { return nil }
        var backslashes = 0
        while backslashes < 8, text[first - 2 - backslashes] == UInt8(ascii: "\\") { backslashes += 1 }
        return (text[first - 1], backslashes)
    }
}

/// The value behind a separator.
struct PairValue {
    let range: Range<Int>
    let isQuoted: Bool

    /// nil when there is none on this line, or a container begins.
    init?(after separator: Int, key: PairKey, isColon: Bool, kind: SecretName = .plain, in text: ScannedText) {
        var first = text.skip(.blanks, from: separator, limit: 32)
        first = text.skipColours(from: first)
        if let quoted = QuotedText(at: first, in: text) {
            range = quoted.range
            isQuoted = true
            return
        }
        isQuoted = false
        let byte = text[first]
        guard !ByteSet.lineEnds.contains(byte) else { return nil }
        if byte == UInt8(ascii: "{"), text[first + 1] != UInt8(ascii: "{") { return nil }
        if byte == UInt8(ascii: "["), !text.has(Array(Redaction.marker.utf8), at: first) { return nil }
        if byte == UInt8(ascii: "[") {
            range = first..<first + Redaction.marker.utf8.count
            return
        }
        if let outer = key.outerQuote {
            range = first..<QuotedText.end(of: outer.byte, outer.backslashes, from: first, in: text)
            return
        }
        if key.isQuoted, isColon {
            range = first..<text.find(Self.endsOfNumber, from: first)
            return
        }
        let isHeader = kind == .authorization || kind == .cookie
        if isHeader { first = Self.behindScheme(first, in: text) }
        let takesLine = isHeader || key.beginsLine && (isColon || key.isUppercase)
        range = first..<Self.end(from: first, takesLine: takesLine, isQuery: key.isQuery, isColon: isColon, in: text)
        if range.isEmpty { return nil }
    }

    private static let schemes = ["basic ", "bearer ", "digest ", "token ", "negotiate ", "apikey ", "splunk "]
        .map { Array($0.utf8) }

    private static func behindScheme(_ position: Int, in text: ScannedText) -> Int {
        for scheme in schemes where text.hasIgnoringCase(scheme, at: position) {
            return text.skip(.blanks, from: position + scheme.count)
        }
        return position
    }

    private static func end(
        from first: Int, takesLine: Bool, isQuery: Bool, isColon: Bool, in text: ScannedText
    ) -> Int {
        var position = first
        while position < text.end {
            let byte = text.bytes[position]
            if ByteSet.lineEnds.contains(byte) || ByteSet.quotes.contains(byte) && !(takesLine && position > first) {
                break
            }
            if takesLine, ByteSet.quotes.contains(byte), ByteSet.lineEnds.contains(text[position + 1]) { break }
            if byte == UInt8(ascii: "\\"), isEscape(text[position + 1]) { break }
            if ByteSet.blanks.contains(byte), endsAtBlank(position, takesLine: takesLine, isColon: isColon, in: text) {
                break
            }
            if byte == UInt8(ascii: "&"), isQuery { break }
            if separators.contains(byte), !takesLine || !isColon, beginsPair(position + 1, in: text) { break }
            position += 1
        }
        while position > first + 1, ByteSet.blanks.contains(text[position - 1]) { position -= 1 }
        return position
    }

    private static let endsOfNumber = ByteSet(" \t\n\r\u{0},}]\"'")
    private static let separators = ByteSet("&;,")

    private static func isEscape(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "n") || byte == UInt8(ascii: "r") || byte == UInt8(ascii: "t")
            || ByteSet.quotes.contains(byte)
    }

    private static func endsAtBlank(_ position: Int, takesLine: Bool, isColon: Bool, in text: ScannedText) -> Bool {
        guard takesLine else { return true }
        let next = text.skip(.blanks, from: position, limit: 8)
        if isColon { return text[next] == UInt8(ascii: "#") }
        return beginsPair(next, in: text)
    }

    /// Whether a further `name=` comes, or nothing at all.
    private static func beginsPair(_ position: Int, in text: ScannedText) -> Bool {
        let first = text.skip(.blanks, from: position, limit: 2)
        let last = text.skip(.identifier, from: first, limit: 48)
        return last > first && text[last] == UInt8(ascii: "=") || ByteSet.lineEnds.contains(text[first])
    }
}

/// Text in quotes, which may be escaped themselves.
struct QuotedText {
    let range: Range<Int>
    /// Behind the closing quote.
    let end: Int

    init?(at position: Int, in text: ScannedText) {
        var backslashes = 0
        while backslashes < 8, text[position + backslashes] == UInt8(ascii: "\\") { backslashes += 1 }
        let quote = text[position + backslashes]
        guard ByteSet.quotes.contains(quote) else { return nil }
        let first = position + backslashes + 1
        let last = Self.end(of: quote, backslashes, from: first, in: text)
        range = first..<last
        end = min(text.end, last + (ByteSet.lineEnds.contains(text[last]) ? 0 : backslashes + 1))
    }

    /// Where the closing quote's own backslashes begin, or the line ends.
    static func end(of quote: UInt8, _ backslashes: Int, from first: Int, in text: ScannedText) -> Int {
        var position = first
        var run = 0
        while position < text.end {
            let byte = text.bytes[position]
            if byte == UInt8(ascii: "\\") {
                run += 1
            } else if byte == quote {
                // `''` is a quote within YAML's single quotes.
                let isDoubled = quote == UInt8(ascii: "'") && backslashes == 0 && text[position + 1] == quote
                if isDoubled {
                    position += 1
                } else if closes(run, backslashes) {
                    return max(first, position - backslashes)
                }
                run = 0
            } else {
                if ByteSet.lineEnds.contains(byte) { return position }
                run = 0
            }
            position += 1
        }
        return max(first, text.end)
    }

    private static func closes(_ run: Int, _ backslashes: Int) -> Bool {
        backslashes == 0 ? run % 2 == 0 : run == backslashes || run < backslashes
    }
}
