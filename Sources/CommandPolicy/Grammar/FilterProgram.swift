// SPDX-License-Identifier: Apache-2.0

/// Programs of sed and jq in the part that can neither run, write nor read anything by itself.
enum FilterProgram {
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
