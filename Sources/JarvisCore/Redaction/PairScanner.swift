// SPDX-License-Identifier: Apache-2.0

/// Secrets that are values of a name: `name=value`, `"name": "value"`, `name: value`, `<name>value</name>`.
struct PairScanner {
    let text: ScannedText
    private(set) var found: [Range<Int>] = []
    /// The last value of a key `name`, for `{"name": "DB_PASSWORD", "value": "…"}`.
    private var named: (kind: SecretName, until: Int) = (.plain, 0)
    /// Up to here goes a long value that was no secret; looking at it anew for every name in it would take quadratic time.
    private var rejectedUntil = 0

    static func secrets(in text: ScannedText) -> [Range<Int>] {
        var scanner = PairScanner(text: text)
        scanner.run()
        return scanner.found
    }

    private init(text: ScannedText) { self.text = text }

    private mutating func run() {
        var position = text.start
        while position < text.end {
            switch text.bytes[position] {
            case UInt8(ascii: "="), UInt8(ascii: ":"): position = pair(at: position)
            case UInt8(ascii: ">"): position = element(at: position)
            default: position += 1
            }
        }
    }

    /// Looks at a separator and returns where to go on.
    private mutating func pair(at separator: Int) -> Int {
        let isColon = text.bytes[separator] == UInt8(ascii: ":")
        var from = separator + 1
        // `:=`, `=>` and `==`; `::` and `://` separate nothing.
        if isColon, text[from] == UInt8(ascii: "=") { return from }
        if isColon, text[from] == UInt8(ascii: "/"), text[from + 1] == UInt8(ascii: "/") { return from }
        if !isColon, text[from] == UInt8(ascii: ">") || text[from] == UInt8(ascii: "=") { from += 1 }
        guard let key = PairKey(endingAt: separator, in: text) else { return from }
        if key.isName {
            let near = ScannedText(bytes: text.bytes, start: text.start, end: min(text.end, from + 160))
            if let value = PairValue(after: from, key: key, isColon: isColon, in: near) {
                named = (SecretName(text.bytes[value.range].prefix(96)), value.range.upperBound + 300)
            }
            return from
        }
        var kind = key.kind
        if key.isValue, separator <= named.until, named.kind != .environment { kind = named.kind }
        guard kind != .plain else { return from }
        if kind == .environment {
            let environment = EnvironmentSecrets(text: text).scan(after: from, key: key, isColon: isColon)
            found += environment.found
            return max(from, environment.end)
        }
        return value(after: from, key: key, kind: kind, isColon: isColon)
    }

    private mutating func value(after from: Int, key: PairKey, kind: SecretName, isColon: Bool) -> Int {
        if let list = list(after: from, kind: kind) { return list }
        let mayBeLong = kind == .weak || kind == .cookie || key.isFile
        if mayBeLong, from < rejectedUntil - 1024 { return from }
        guard let value = PairValue(after: from, key: key, isColon: isColon, kind: kind, in: text) else { return from }
        guard isSecret(value, key: key, kind: kind, isColon: isColon) else {
            if mayBeLong { rejectedUntil = value.range.upperBound }
            return max(from, value.range.lowerBound)
        }
        found.append(value.range)
        return value.range.upperBound
    }

    private func isSecret(_ value: PairValue, key: PairKey, kind: SecretName, isColon: Bool) -> Bool {
        let bytes = text.bytes[value.range]
        if SecretValue.isPlaceholder(bytes) { return false }
        if key.isFile, SecretValue.isPath(bytes, isSure: true) { return false }
        switch kind {
        case .password:
            // Prose: "password: must be …", "pass=3 fail=0".
            if key.isCount, bytes.allSatisfy(\.isDigit) { return false }
            return !(isColon && !value.isQuoted && SecretValue.isPlaceholder(firstWord(bytes)))
        case .token:
            if bytes.count <= 12, key.isPlural, bytes.allSatisfy(\.isDigit) { return false }
            guard isColon, !value.isQuoted else { return true }
            let word = firstWord(bytes)
            if SecretValue.isPlaceholder(word) { return false }
            if key.beginsLine, !bytes.contains(where: ByteSet.blanks.contains) { return true }
            // A lower-case word behind a colon is prose, or the name of something.
            return word.contains { $0.isDigit || $0.isUppercase } || word.count >= 16
        case .weak: return SecretValue.looksRandom(bytes)
        case .authorization:
            return bytes.contains { $0.isDigit || $0.isUppercase } || bytes.count >= 16
        case .cookie: return bytes.contains(UInt8(ascii: "="))
        case .plain, .environment: return false
        }
    }

    private func firstWord(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        bytes.prefix { !ByteSet.whitespace.contains($0) && $0 != UInt8(ascii: ",") }
    }

    /// `["one", "two"]` behind a name.
    private mutating func list(after from: Int, kind: SecretName) -> Int? {
        var position = text.skip(.whitespace, from: from, limit: 256)
        guard text[position] == UInt8(ascii: "["), kind == .password || kind == .token else { return nil }
        position = text.skip(.whitespace, from: position + 1, limit: 256)
        while let quoted = QuotedText(at: position, in: text) {
            if !SecretValue.isPlaceholder(text.bytes[quoted.range]) { found.append(quoted.range) }
            position = text.skip(.whitespace, from: quoted.end, limit: 256)
            guard text[position] == UInt8(ascii: ",") else { return position }
            position = text.skip(.whitespace, from: position + 1, limit: 256)
        }
        return nil
    }

    /// The text of an XML element, as in `<Password>value</Password>`.
    private mutating func element(at position: Int) -> Int {
        var first = position
        while position - first < 64, ByteSet.name.contains(text[first - 1]) { first -= 1 }
        guard first < position, text[first - 1] == UInt8(ascii: "<") else { return position + 1 }
        let kind = SecretName(text.bytes[first..<position])
        guard kind == .password || kind == .token else { return position + 1 }
        let end = text.find(ByteSet("<\n\u{0}"), from: position + 1)
        let value = position + 1..<max(position + 1, end)
        guard text[end] == UInt8(ascii: "<"), !SecretValue.isPlaceholder(text.bytes[value]) else { return position + 1 }
        found.append(value)
        return end
    }
}
