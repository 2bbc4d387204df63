// SPDX-License-Identifier: Apache-2.0

/// Programs of awk, sed and jq in the part that can neither run, write nor read anything by itself.
enum FilterProgram {
    /// `{print $1, $3}`, with an optional condition before it: `/text/`, `NR > 1`, `$5 >= 80`.
    static func isAwk(_ text: String) -> Bool {
        guard text.utf8.count <= 200, let open = text.lastIndex(of: "{"), text.trimmed.last == "}" else { return false }
        let action = text[text.index(after: open)...].trimmed.dropLast().trimmed
        guard isAwkCondition(text[..<open].trimmed), action.hasPrefix("print") else { return false }
        let items = action.dropFirst(5).trimmed
        return items.isEmpty
            || items.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { item in
                item.trimmed.split(separator: " ").allSatisfy { isAwkValue($0) } && !item.trimmed.isEmpty
            }
    }

    private static func isAwkCondition(_ text: Substring) -> Bool {
        if text.isEmpty { return true }
        if text.first == "/", text.last == "/", text.count > 2 {
            return text.dropFirst().dropLast().utf8.allSatisfy {
                isASCIILetterOrDigit($0) || " _-.:^*".utf8.contains($0)
            }
        }
        let words = text.split(separator: " ")
        return words.count == 3 && isAwkValue(words[0]) && isAwkValue(words[2])
            && ["==", "!=", ">", "<", ">=", "<="].contains(words[1])
    }

    /// `$1`, `NR`, `NF`, a number or a text without escapes.
    private static func isAwkValue(_ word: Substring) -> Bool {
        if word == "NR" || word == "NF" || word == "$NF" || word == "$0" { return true }
        if word.first == "\"", word.last == "\"", word.count >= 2 {
            return word.dropFirst().dropLast().utf8.allSatisfy {
                isASCIILetterOrDigit($0) || "_-.:=%/".utf8.contains($0)
            }
        }
        let digits = word.first == "$" ? word.dropFirst() : word
        return (1...9).contains(digits.utf8.count) && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// `s/from/to/g` or `/text/d` or `5d`, delimited by slashes, without `e` and `w`.
    static func isSed(_ text: String) -> Bool {
        guard text.utf8.count <= 200, !text.contains("\\"), !text.contains(";"), !text.contains("{") else {
            return false
        }
        if text.hasPrefix("s/") {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            return parts.count == 4 && !parts[1].isEmpty && ["", "g", "I", "gI", "p"].contains(parts[3])
        }
        return isSedAddress(text, command: "d")
    }

    /// `5p`, `1,20p`, `$p` or `/text/p`.
    static func isSedPrint(_ text: String) -> Bool { isSedAddress(text, command: "p") }

    private static func isSedAddress(_ text: String, command: Character) -> Bool {
        guard text.last == command, text.utf8.count <= 200 else { return false }
        let address = text.dropLast()
        if address.first == "/" {
            let inner = address.dropFirst().dropLast()
            return address.count > 2 && address.last == "/"
                && inner.utf8.allSatisfy { isASCIILetterOrDigit($0) || " _-.:^*".utf8.contains($0) }
        }
        let lines = address.split(separator: ",", omittingEmptySubsequences: false)
        return lines.count <= 2
            && lines.allSatisfy { line in
                line == "$" || (1...9).contains(line.utf8.count) && line.utf8.allSatisfy { (0x30...0x39).contains($0) }
            }
    }

    /// Paths, pipes, numbers, texts and a few functions; no variables, no modules, no input of its own.
    static func isJQ(_ text: String) -> Bool {
        guard (1...300).contains(text.utf8.count), text.first != "-" else { return false }
        var rest = Substring(text)
        var isField = false
        while let first = rest.first {
            if first == "\"" {
                guard let end = rest.dropFirst().firstIndex(of: "\""), !rest[..<end].contains("\\") else {
                    return false
                }
                rest = rest[rest.index(after: end)...]
                isField = false
            } else if first.isASCII, first.isLetter || first == "_" {
                let word = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
                guard isField || functions.contains(String(word)) else { return false }
                rest = rest.dropFirst(word.count)
                isField = false
            } else if ".[](){}|,:=!<>+-*/% 0123456789?".contains(first) {
                isField = first == "."
                rest = rest.dropFirst()
            } else {
                return false
            }
        }
        return true
    }

    private static let functions: Set<String> = [
        "length", "keys", "map", "select", "sort", "sort_by", "unique", "has", "type", "not", "and", "or", "tostring",
        "tonumber", "to_entries", "first", "last", "add", "min", "max", "group_by", "contains", "startswith", "true",
        "false", "null", "test", "any", "all", "empty",
    ]
}
