// SPDX-License-Identifier: Apache-2.0

/// Separates the options of a command from its operands, as the program itself does.
struct OptionScanner {
    /// A word with the type it was accepted as.
    struct Capture {
        let type: OperandType
        let word: String
        /// Its place among the words of the command; the value of `--name=value` has that of the whole word.
        let index: Int
    }

    let style: GrammarTable.Style
    let settings: PolicySettings
    private(set) var captures: [Capture] = []
    private(set) var given: Set<String> = []
    private(set) var raised = CommandClass.observe

    init(style: GrammarTable.Style, settings: PolicySettings) {
        self.style = style
        self.settings = settings
    }

    /// Whether a word is read as an option at all.
    func isOption(_ word: String) -> Bool {
        var bytes = word.utf8.makeIterator()
        let first = bytes.next()
        guard first == UInt8(ascii: "-") || (style == .words && first == UInt8(ascii: "+")) else { return false }
        return bytes.next() != nil
    }

    /// Reads the option at `index` and its value; returns the index behind it, or nil when it is not known.
    mutating func scan(
        _ words: [String], _ index: Int, _ rule: (String) -> OptionRule?
    ) throws(Refusal) -> Int? {
        let word = words[index]
        if let known = rule(word) {
            switch known.value {
            case .none, .optional:
                use(known)
                return index + 1
            case .required(let type):
                guard index + 1 < words.count else { throw Refusal("\(known.name) needs \(type.meaning)") }
                try take(words[index + 1], at: index + 1, as: type, of: known)
                use(known)
                return index + 2
            }
        }
        if let equals = word.firstIndex(of: "="), style == .words || word.hasPrefix("--"),
            let known = rule(String(word[..<equals]))
        {
            switch known.value {
            case .none: throw Refusal("\(known.name) takes no value")
            case .required(let type), .optional(let type):
                try take(String(word[word.index(after: equals)...]), at: index, as: type, of: known)
            }
            use(known)
            return index + 1
        }
        guard style == .gnu, !word.hasPrefix("--") else { return nil }
        return try scanBundle(words, index, rule)
    }

    /// `-abc`, `-n5`, `-20`.
    private mutating func scanBundle(
        _ words: [String], _ index: Int, _ rule: (String) -> OptionRule?
    ) throws(Refusal) -> Int? {
        let letters = words[index].dropFirst()
        if let number = rule("-NUMBER"), letters.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            guard letters.utf8.count <= 9 else { throw Refusal("\(Refusal.show(words[index])) is too large") }
            use(number)
            return index + 1
        }
        var rest = letters
        while let letter = rest.popFirst() {
            guard let known = rule("-\(letter)") else { return nil }
            switch known.value {
            case .none: break
            case .optional(let type):
                if !rest.isEmpty { try take(String(rest), at: index, as: type, of: known) }
                rest = ""
            case .required(let type):
                if rest.isEmpty {
                    guard index + 1 < words.count else { throw Refusal("\(known.name) needs \(type.meaning)") }
                    try take(words[index + 1], at: index + 1, as: type, of: known)
                    use(known)
                    return index + 2
                }
                try take(String(rest), at: index, as: type, of: known)
                rest = ""
            }
            use(known)
        }
        return index + 1
    }

    private mutating func take(_ word: String, at index: Int, as type: OperandType, of rule: OptionRule)
        throws(Refusal)
    {
        do {
            try type.check(word, settings)
        } catch {
            throw Refusal("\(rule.name): \(error.reason)")
        }
        captures.append(Capture(type: type, word: word, index: index))
    }

    private mutating func use(_ rule: OptionRule) {
        given.insert(rule.name)
        if let raises = rule.raises { raised = max(raised, raises) }
    }
}
