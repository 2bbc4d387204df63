// SPDX-License-Identifier: Apache-2.0

/// The part of awk that picks, compares, sums and prints fields: no pipes, files, loops without end or functions that
/// reach outside.
///
/// It is checked token by token: every token that is let through is harmless wherever it stands, but for the few rules
/// on `>`, `=` and `for`.
struct AwkGrammar {
    private enum Token: Equatable {
        case number, field, text, pattern
        case name(String)
        case mark(String)

        /// Whether a `/` behind it divides; behind everything else it begins a pattern.
        var endsValue: Bool {
            switch self {
            case .number, .field, .text, .pattern: true
            case .name(let name): !AwkGrammar.statements.contains(name)
            case .mark(let mark): mark == ")" || mark == "]" || mark == "++" || mark == "--"
            }
        }

        /// Whether a value may be given to it.
        var isAssignable: Bool {
            switch self {
            case .field, .mark("]"): true
            case .name(let name): name != "NF" && !AwkGrammar.statements.contains(name)
            default: false
            }
        }
    }

    static func isSafe(_ text: String) -> Bool {
        guard (1...300).contains(text.utf8.count), text.first != "-", let tokens = tokens(text) else { return false }
        var open: [String] = []
        for (index, token) in tokens.enumerated() {
            let next = index + 1 < tokens.count ? tokens[index + 1] : nil
            switch token {
            case .mark("{"), .mark("("), .mark("["):
                if case .mark(let mark) = token { open.append(mark) }
            case .mark("}"): guard open.popLast() == "{" else { return false }
            case .mark(")"): guard open.popLast() == "(" else { return false }
            case .mark("]"): guard open.popLast() == "[" else { return false }
            case .mark(">"), .mark(">="):
                // In an action, outside of parentheses, it would write to a file.
                guard open.isEmpty || open.last == "(" else { return false }
            case .name("printf"):
                // A format out of what is read could ask for anything.
                let format = next == .mark("(") && index + 2 < tokens.count ? tokens[index + 2] : next
                guard format == .text else { return false }
            case .mark("++"), .mark("--"), .mark("+="):
                // A field far behind the last would take all memory; `$(…)` may be any.
                guard index == 0 || tokens[index - 1] != .mark(")"), next != .mark("("),
                    token != .mark("+=") || index > 0 && tokens[index - 1] != .name("NF")
                else { return false }
            case .mark("="):
                // One plain value: nothing grows from record to record. Behind a name or a field, but for the number of
                // fields; so `NF*=9` is none.
                guard index > 0, tokens[index - 1].isAssignable, next == .number || next == .field || next == .text,
                    index + 2 < tokens.count,
                    [.mark(";"), .mark("}"), .mark(")")].contains(tokens[index + 2])
                else { return false }
            case .name("for"):
                guard index + 5 < tokens.count, tokens[index + 1] == .mark("("), case .name = tokens[index + 2],
                    tokens[index + 3] == .name("in"), case .name = tokens[index + 4], tokens[index + 5] == .mark(")")
                else { return false }
            case .name("in"): guard index > 2, tokens[index - 3] == .name("for") else { return false }
            default: break
            }
        }
        return open.isEmpty
    }

    private static func tokens(_ text: String) -> [Token]? {
        var tokens: [Token] = []
        var rest = Substring(text)
        while let first = rest.first {
            if first == " " {
                rest = rest.dropFirst()
            } else if first == "$" {
                rest = rest.dropFirst()
                if rest.first == "(" { continue }
                let word = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber) }
                guard word == "NF" || (word.utf8.count == 1 && word.first?.isUppercase == false) || isNumber(word)
                else { return nil }
                rest = rest.dropFirst(word.count)
                tokens.append(.field)
            } else if first.isASCII, first.isNumber {
                let word = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
                guard word.utf8.count <= 12 else { return nil }
                rest = rest.dropFirst(word.count)
                tokens.append(.number)
            } else if first.isASCII, first.isLetter {
                let word = String(rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
                guard names.contains(word) || statements.contains(word) else { return nil }
                rest = rest.dropFirst(word.count)
                tokens.append(.name(word))
            } else if first == "\"" {
                guard let end = quoted(&rest) else { return nil }
                tokens.append(end)
            } else if first == "/", tokens.last?.endsValue != true {
                guard let end = rest.dropFirst().firstIndex(of: "/"), isPattern(rest[..<end].dropFirst()) else {
                    return nil
                }
                rest = rest[rest.index(after: end)...]
                tokens.append(.pattern)
            } else if let mark = marks.first(where: { rest.hasPrefix($0) }) {
                rest = rest.dropFirst(mark.count)
                tokens.append(.mark(mark))
            } else {
                return nil
            }
        }
        return tokens
    }

    private static func isNumber(_ word: Substring) -> Bool {
        (1...4).contains(word.utf8.count) && word.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// A text; `\t` and `\n` are its only escapes, and a format asks for no wide columns.
    private static func quoted(_ rest: inout Substring) -> Token? {
        var digits = 0
        var isEscaped = false
        var index = rest.index(after: rest.startIndex)
        while index < rest.endIndex {
            let character = rest[index]
            index = rest.index(after: index)
            if isEscaped {
                guard character == "t" || character == "n" else { return nil }
                isEscaped = false
            } else if character == "\"" {
                rest = rest[index...]
                return .text
            } else if character == "\\" {
                isEscaped = true
            }
            digits = character.isNumber ? digits + 1 : 0
            guard digits <= 3, character != "*" else { return nil }
        }
        return nil
    }

    private static func isPattern(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { isASCIILetterOrDigit($0) || " _-.:^*$|+?=@,%".utf8.contains($0) }
    }

    private static let statements: Set<String> = [
        "print", "printf", "BEGIN", "END", "if", "else", "for", "in", "next", "exit",
    ]
    /// Variables that awk sets, functions of values, and what people call their own.
    private static let names: Set<String> = [
        "NR", "NF", "FNR", "length", "int", "tolower", "toupper", "substr", "a", "b", "c", "d", "i", "k", "m", "n", "s",
        "t", "v", "x", "y", "sum", "count", "total", "max", "min", "avg", "seen",
    ]
    /// Longest first; a single `|` is none of them.
    private static let marks = [
        "&&", "||", "==", "!=", "<=", ">=", "!~", "+=", "++", "--", "{", "}", "(", ")", "[", "]", ",", ";", "<", ">",
        "=", "~", "!", "+", "-", "*", "/", "%", "?", ":",
    ]
}
