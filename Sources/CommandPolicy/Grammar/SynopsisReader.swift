// SPDX-License-Identifier: Apache-2.0

/// Reads the part of a form that stands before its class.
enum SynopsisReader {
    /// The spellings joined by ` | ` outside of brackets.
    static func alternatives(_ text: Substring, fault: (String) -> GrammarFault) throws(GrammarFault) -> [Substring] {
        var parts: [Substring] = []
        var depth = 0
        var start = text.startIndex
        var index = text.startIndex
        while index < text.endIndex {
            switch text[index] {
            case "(", "[", "{": depth += 1
            case ")", "]", "}": depth -= 1
            case "|" where depth == 0:
                parts.append(text[start..<index])
                start = text.index(after: index)
            default: break
            }
            index = text.index(after: index)
        }
        parts.append(text[start...])
        guard depth == 0, parts.allSatisfy({ !$0.trimmed.isEmpty }) else {
            throw fault("brackets or | do not match")
        }
        return parts
    }

    /// The elements of one spelling.
    static func elements(_ text: Substring, fault: (String) -> GrammarFault) throws(GrammarFault) -> [SynopsisElement] {
        var rest = text.trimmed
        var elements: [SynopsisElement] = []
        while let first = rest.first {
            var element: SynopsisElement
            switch first {
            case "(":
                let inner = try bracketed(&rest, close: ")", fault)
                var ways: [[SynopsisElement]] = []
                for way in try alternatives(inner, fault: fault) { ways.append(try self.elements(way, fault: fault)) }
                element = .choice(ways)
            case "[":
                element = .optional(try self.elements(try bracketed(&rest, close: "]", fault), fault: fault))
            default:
                let word = rest.prefix { $0 != " " }
                rest = rest.dropFirst(word.count)
                element = try single(word, fault)
            }
            if rest.hasPrefix("...") {
                rest = rest.dropFirst(3)
                element = .repeated(element)
            }
            guard rest.isEmpty || rest.first == " " else { throw fault("a blank is missing before '\(rest)'") }
            elements.append(element)
            rest = rest.drop { $0 == " " }
        }
        return elements
    }

    /// The type of this name, or the enumeration `{a|b}`.
    static func type(_ text: String) -> OperandType? {
        if text.first == "{", text.last == "}" {
            return .oneOf(text.dropFirst().dropLast().split(separator: "|").map(String.init))
        }
        return OperandType.all[text]
    }

    private static func single(_ word: Substring, _ fault: (String) -> GrammarFault) throws(GrammarFault)
        -> SynopsisElement
    {
        if word == "COMMAND..." { return .command }
        if word.hasSuffix("...") { return .repeated(try single(word.dropLast(3), fault)) }
        if let type = type(String(word)) { return .operand(type) }
        guard !word.contains(where: { $0.isUppercase && $0.isASCII }) || word.first == "\"" else {
            throw fault("there is no type \(word)")
        }
        return .literal(word.first == "\"" ? String(word.dropFirst().dropLast()) : String(word))
    }

    private static func bracketed(_ rest: inout Substring, close: Character, _ fault: (String) -> GrammarFault)
        throws(GrammarFault) -> Substring
    {
        var depth = 0
        var index = rest.startIndex
        while index < rest.endIndex {
            switch rest[index] {
            case "(", "[": depth += 1
            case ")", "]":
                depth -= 1
                if depth == 0 {
                    guard rest[index] == close else { throw fault("brackets do not match") }
                    let inner = rest[rest.index(after: rest.startIndex)..<index]
                    rest = rest[rest.index(after: index)...]
                    return inner
                }
            default: break
            }
            index = rest.index(after: index)
        }
        throw fault("a bracket is not closed")
    }
}

extension StringProtocol where SubSequence == Substring {
    /// What follows a prefix; nil when it does not begin so.
    func after(_ prefix: String) -> String? { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil }

    /// Without blanks at both ends.
    var trimmed: Substring {
        var text = self[...]
        while text.first == " " { text = text.dropFirst() }
        while text.last == " " { text = text.dropLast() }
        return text
    }

    /// Whether `part` stands in it.
    ///
    /// The standard library's own brings all of its regular expressions into a static guard.
    func contains(_ part: String) -> Bool { part.isEmpty || firstRange(of: part) != nil }

    /// The first place where the bytes of `part` stand.
    func firstRange(of part: String) -> Range<Index>? {
        guard let first = part.utf8.first else { return nil }
        var start = utf8.startIndex
        while let place = utf8[start...].firstIndex(of: first) {
            if utf8[place...].starts(with: part.utf8) {
                return place..<utf8.index(place, offsetBy: part.utf8.count)
            }
            start = utf8.index(after: place)
        }
        return nil
    }

    /// The last place where `part` stands.
    func lastRange(of part: String) -> Range<Index>? {
        var found: Range<Index>?
        var index = startIndex
        while index < endIndex {
            if self[index...].hasPrefix(part) { found = index..<self.index(index, offsetBy: part.count) }
            index = self.index(after: index)
        }
        return found
    }
}
