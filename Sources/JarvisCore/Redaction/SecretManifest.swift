// SPDX-License-Identifier: Apache-2.0

/// Kubernetes secrets as YAML or JSON: everything below `data` and `stringData` is secret, whatever it is called.
struct SecretManifest {
    private static let kind = Array("kind".utf8)
    private static let secret = Array("Secret".utf8)
    private static let keys = ["data", "stringData"].map { Array($0.utf8) }

    /// Whether `kind: Secret` stands somewhere; it comes after the data, and may be beyond a gap.
    static func isPresent(in bytes: [UInt8]) -> Bool {
        let text = ScannedText(bytes: bytes, start: 0, end: bytes.count)
        var position = 0
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "k"), text.has(kind, at: position) else {
                position += 1
                continue
            }
            position = text.skip(ByteSet("\"\\: \t"), from: position + kind.count, limit: 16)
            if text.has(secret, at: position), !ByteSet.alphanumeric.contains(text[position + secret.count]) {
                return true
            }
        }
        return false
    }

    static func secrets(in text: ScannedText) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var position = text.start
        while position < text.end {
            guard text.bytes[position] == UInt8(ascii: "d") || text.bytes[position] == UInt8(ascii: "s"),
                let key = keys.first(where: { text.has($0, at: position) }),
                !ByteSet.name.contains(text[position - 1])
            else {
                position += 1
                continue
            }
            let isQuoted = ByteSet.quotes.contains(text[position - 1])
            var next = position + key.count
            next = text.skip(ByteSet("\"\\"), from: next, limit: 9)
            guard text[next] == UInt8(ascii: ":") else {
                position = next
                continue
            }
            next = text.skip(.whitespace, from: next + 1, limit: 256)
            if text[next] == UInt8(ascii: "{") {
                position = object(from: next + 1, in: text, &found)
            } else if !isQuoted {
                position = mapping(key: position, in: text, &found)
            } else {
                position = next
            }
        }
        return found
    }

    private static func object(from first: Int, in text: ScannedText, _ found: inout [Range<Int>]) -> Int {
        var position = text.skip(.whitespace, from: first, limit: 256)
        while let name = QuotedText(at: position, in: text) {
            position = text.skip(ByteSet(": \t\r\n"), from: name.end, limit: 256)
            guard let value = QuotedText(at: position, in: text) else { return position }
            add(value.range, in: text, &found)
            position = text.skip(ByteSet(", \t\r\n"), from: value.end, limit: 256)
        }
        return position
    }

    /// The deeper lines that follow.
    private static func mapping(key: Int, in text: ScannedText, _ found: inout [Range<Int>]) -> Int {
        var line = key
        while line > text.start, ByteSet.blanks.contains(text[line - 1]) { line -= 1 }
        let depth = key - line
        guard ByteSet.lineEnds.contains(text[line - 1]) else { return key + 1 }
        var position = text.find(.lineEnds, from: key)
        while position < text.end {
            let begin = position + 1
            let first = text.skip(.blanks, from: begin)
            let end = text.find(.lineEnds, from: first)
            guard first == end || first - begin > depth else { return position }
            // `name: value`, or a further line of a block.
            let colon = text.bytes[first..<end].firstIndex(of: UInt8(ascii: ":"))
            let value = text.skip(.blanks, from: colon.map { $0 + 1 } ?? first)
            if value < end { add(value..<end, in: text, &found) }
            position = end
        }
        return position
    }

    private static func add(_ range: Range<Int>, in text: ScannedText, _ found: inout [Range<Int>]) {
        let bytes = text.bytes[range]
        guard !bytes.isEmpty, !SecretValue.isPlaceholder(bytes), !bytes.starts(with: Redaction.marker.utf8) else {
            return
        }
        found.append(range)
    }
}
