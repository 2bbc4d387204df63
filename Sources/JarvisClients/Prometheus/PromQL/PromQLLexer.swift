// SPDX-License-Identifier: Apache-2.0
/// Cuts a PromQL expression into tokens; nil for the first thing it does not know.
struct PromQLLexer {
    private static let symbols = [
        "==", "=~", "!=", "!~", "<=", ">=", "(", ")", "{", "}", "[", "]", ",", ":", "=", "<", ">", "+", "-", "*", "/",
        "%", "^", "@",
    ].map { (text: $0, bytes: Array($0.utf8)) }

    /// A token and where it stands, in bytes.
    struct Word {
        let token: PromQLToken
        let range: Range<Int>
    }

    private let bytes: [UInt8]
    private var position = 0

    private init(_ text: String) { bytes = Array(text.utf8) }

    static func words(of text: String) -> [Word]? {
        var lexer = PromQLLexer(text)
        var words: [Word] = []
        while true {
            lexer.skipBlanksAndComments()
            guard let byte = lexer.current else { return words }
            let start = lexer.position
            guard let token = lexer.next(byte) else { return nil }
            words.append(Word(token: token, range: start..<lexer.position))
        }
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipBlanksAndComments() {
        while let byte = current {
            if byte == UInt8(ascii: "#") {
                while let inComment = current, inComment != UInt8(ascii: "\n") { position += 1 }
            } else if [0x20, 0x09, 0x0A, 0x0D].contains(byte) {
                position += 1
            } else {
                return
            }
        }
    }

    private mutating func next(_ byte: UInt8) -> PromQLToken? {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"): return string(quote: byte)
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."): return numberOrDuration()
        case _ where byte.isPromQLNameByte: return identifier()
        default:
            guard let symbol = Self.symbols.first(where: { bytes[position...].starts(with: $0.bytes) }) else {
                return nil
            }
            position += symbol.bytes.count
            return .symbol(symbol.text)
        }
    }

    private mutating func identifier() -> PromQLToken {
        let word = take { $0.isPromQLNameByte || $0 == UInt8(ascii: ":") }
        return ["inf", "nan"].contains(word.lowercased()) ? .number : .identifier(word)
    }

    private mutating func numberOrDuration() -> PromQLToken? {
        var word = take { $0.isPromQLNameByte || $0 == UInt8(ascii: ".") }
        // The sign of an exponent belongs to the number, unless the letter is a hexadecimal digit.
        if let last = word.last, "eE".contains(last), !word.lowercased().hasPrefix("0x"),
            let sign = current, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-")
        {
            position += 1
            word += "+" + take { $0.isPromQLNameByte || $0 == UInt8(ascii: ".") }
        }
        if Self.isNumber(word) { return .number }
        return word == "0" ? nil : PrometheusDuration.parse(word).map { .duration($0) }
    }

    private static func isNumber(_ word: String) -> Bool {
        let lowercased = word.lowercased()
        if lowercased.hasPrefix("0x") {
            let digits = lowercased.dropFirst(2)
            return !digits.isEmpty && digits.allSatisfy { $0.isASCII && $0.isHexDigit }
        }
        let parts = lowercased.split(separator: "e", maxSplits: 1, omittingEmptySubsequences: false)
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let hasDigits = mantissa.count <= 2 && mantissa.contains { !$0.isEmpty } && mantissa.allSatisfy(\.isDecimal)
        guard parts.count == 2 else { return hasDigits }
        let exponent = parts[1].hasPrefix("+") ? parts[1].dropFirst() : parts[1]
        return hasDigits && !exponent.isEmpty && exponent.isDecimal
    }

    private mutating func string(quote: UInt8) -> PromQLToken? {
        position += 1
        var value: [UInt8] = []
        while let byte = current {
            position += 1
            if byte == quote {
                return String(validating: value, as: UTF8.self).map { .string($0) }
            }
            switch byte {
            case UInt8(ascii: "\\") where quote != UInt8(ascii: "`"):
                guard let escaped = PromQLEscape.read(bytes, at: &position, quote: quote) else { return nil }
                value += escaped
            case UInt8(ascii: "\n") where quote != UInt8(ascii: "`"): return nil
            default: value.append(byte)
            }
        }
        return nil
    }

    private mutating func take(while belongs: (UInt8) -> Bool) -> String {
        let start = position
        while let byte = current, belongs(byte) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }
}

extension Substring {
    fileprivate var isDecimal: Bool { utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } }
}
