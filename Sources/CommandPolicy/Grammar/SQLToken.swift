// SPDX-License-Identifier: Apache-2.0

/// A word of a statement.
enum SQLToken: Equatable {
    /// A keyword or a name in small letters, `a.b.c` and `a.*` as one.
    case word(String)
    case number(String)
    /// A text in single quotes, with its content.
    case text(String)
    case symbol(String)

    /// Whether it may name a table or a column.
    var isName: Bool {
        guard case .word(let word) = self else { return false }
        return !Self.reserved.contains(word) && !word.hasSuffix("*")
    }

    func isWord(of words: Set<String>) -> Bool {
        guard case .word(let word) = self else { return false }
        return words.contains(word)
    }

    /// All tokens; nil where something is not understood, or servers would not agree on where a word ends.
    static func tokens(of text: String) -> [SQLToken]? {
        let bytes = Array(text.utf8)
        guard bytes.count <= 800, bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
        var lexer = Lexer(bytes: bytes)
        var tokens: [SQLToken] = []
        while true {
            lexer.skipBlanks()
            guard let first = lexer.peek else { return tokens }
            if first == UInt8(ascii: ";") {
                lexer.position += 1
                lexer.skipBlanks()
                return lexer.peek == nil ? tokens : nil
            }
            guard let token = lexer.token(first) else { return nil }
            tokens.append(token)
        }
    }

    private struct Lexer {
        let bytes: [UInt8]
        var position = 0

        var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

        mutating func skipBlanks() {
            while peek == UInt8(ascii: " ") { position += 1 }
        }

        private mutating func run(_ isPart: (UInt8) -> Bool) -> String {
            let start = position
            while let byte = peek, isPart(byte) { position += 1 }
            return String(decoding: bytes[start..<position], as: UTF8.self).lowercased()
        }

        mutating func token(_ first: UInt8) -> SQLToken? {
            switch first {
            case 0x30...0x39:
                let number = run { isASCIILetterOrDigit($0) || "_.".utf8.contains($0) }
                // `1from t` is two words for some servers: a number ends where no letter and no second dot follows.
                let parts = number.split(separator: ".", omittingEmptySubsequences: false)
                guard parts.count <= 2, parts.allSatisfy({ isDigits($0) }), peek != UInt8(ascii: "'") else {
                    return nil
                }
                return .number(number)
            case _ where isASCIILetterOrDigit(first) || first == UInt8(ascii: "_"):
                let word = run { isASCIILetterOrDigit($0) || "_.".utf8.contains($0) }
                // E'…', x'…' and U&'…' change what a text means.
                guard peek != UInt8(ascii: "'"), peek != UInt8(ascii: "&") else { return nil }
                if word.utf8.last == UInt8(ascii: "."), peek == UInt8(ascii: "*") {
                    position += 1
                    return isPath(word.dropLast()) ? .word(word + "*") : nil
                }
                return isPath(word[...]) ? .word(word) : nil
            case UInt8(ascii: "'"):
                position += 1
                let start = position
                while let byte = peek, byte != first { position += 1 }
                guard peek == first else { return nil }
                let content = bytes[start..<position]
                position += 1
                // A doubled quote is one of the text for all, a backslash only for some.
                guard peek != first, !content.contains(UInt8(ascii: "\\")) else { return nil }
                return .text(String(decoding: content, as: UTF8.self))
            default:
                for symbol in symbols where bytes[position...].starts(with: symbol.utf8) {
                    position += symbol.utf8.count
                    return symbol == "--" || symbol == "/*" ? nil : .symbol(symbol)
                }
                return nil
            }
        }

        private func isDigits(_ text: Substring) -> Bool {
            (1...15).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        }

        /// Names joined by single dots.
        private func isPath(_ word: Substring) -> Bool {
            let parts = word.split(separator: ".", omittingEmptySubsequences: false)
            return parts.count <= 3
                && parts.allSatisfy { $0.utf8.first.map { !(0x30...0x39).contains($0) } == true && $0.utf8.count <= 63 }
        }
    }

    /// Longest first; the first two begin comments.
    private static let symbols = [
        "--", "/*", "<>", "<=", ">=", "!=", "::", "||", "(", ")", ",", "*", "=", "<", ">", "+", "-", "/", "%",
    ]

    /// Words that name nothing; a superset of what the servers reserve and this grammar uses.
    static let reserved: Set<String> = [
        "all", "alter", "analyze", "and", "any", "array", "as", "attach", "between", "by", "call", "case", "cast",
        "check", "cluster", "collate", "copy", "create", "cross", "delete", "detach", "distinct", "distinctrow", "do",
        "drop", "dumpfile", "else", "end", "escape", "except", "execute", "exists", "explain", "fetch", "filter",
        "flush", "for", "force", "freeze", "from", "full", "grant", "group", "handler", "having", "high_priority",
        "ignore", "ilike", "import", "in", "inner", "insert", "intersect", "interval", "into", "is", "join", "kill",
        "lateral", "left", "like", "limit", "listen", "load", "lock", "natural", "not", "notify", "null", "offset",
        "on", "only", "optimize", "or", "order", "outer", "outfile", "over", "partition", "pragma", "prepare",
        "procedure", "refresh", "regexp", "reindex", "rename", "replace", "returning", "revoke", "right", "rlike",
        "row", "select", "set", "share", "show", "similar", "some", "sounds", "sql_buffer_result", "straight_join",
        "table", "tablesample", "then", "truncate", "union", "update", "use", "using", "vacuum", "values", "verbose",
        "when", "where", "window", "with", "within", "xor",
    ]
}
