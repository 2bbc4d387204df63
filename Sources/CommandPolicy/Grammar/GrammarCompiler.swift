// SPDX-License-Identifier: Apache-2.0

/// Reads tables in the notation of a manual page's SYNOPSIS.
///
///     program docker podman : gnu
///
///     docker restart CONTAINER : bounded, undo no, does restart
///       -t --time NUMBER, -s --signal SIGNAL !disruptive
///       allow docker restart web
///       refuse docker restart web --privileged
///
/// At the margin stands a form: literals in small letters, operands in capitals (`OperandType`), `[X]` optional,
/// `(a|b)` a choice, `X...` once or more often; several spellings of one form are joined by ` | `. Behind ` : ` stand
/// its class and traits: `undo yes|partly|no`, `destroys` (data or evidence), `does VERB`, `filter`. A form that ends
/// in ` ...` has no class: its options hold for every form that begins so. Indented lines are options (all spellings,
/// the value's type, `[=TYPE]` for one that must be attached, `!class` that raises), `with` what must be given, and
/// examples, which are checked.
struct GrammarCompiler {
    private var table = GrammarTable()
    private var name = ""
    private var line = 0
    private var style = GrammarTable.Style.gnu
    private var aliases: [String: [String]] = [:]
    private let wanted: Set<String>?

    private init(wanted: Set<String>?) { self.wanted = wanted }

    /// Compiles tables, each with its name for messages.
    ///
    /// Tables may add forms to programs of those before them, but for `own`, an operator's: what the others say of their
    /// programs stays. With `programs` only what is said of these is read: all others are unknown then, and refused.
    static func compile(
        _ sources: [(name: String, text: String)], own: (name: String, text: String)? = nil,
        programs: Set<String>? = nil
    ) throws(GrammarFault) -> GrammarTable {
        var compiler = GrammarCompiler(wanted: programs)
        for source in sources {
            compiler.name = source.name
            try compiler.compile(source.text)
        }
        if let own {
            compiler.name = own.name
            compiler.aliases = [:]
            try compiler.compile(own.text)
        }
        return compiler.table
    }

    /// Where the compiler is.
    private var place: TablePlace { TablePlace(table: name, line: line) }

    private func fault(_ message: String) -> GrammarFault { GrammarFault(table: name, line: line, message: message) }

    private struct Block {
        var header: String
        var line: Int
        var body: [(line: Int, text: String)] = []
    }

    private mutating func compile(_ text: String) throws(GrammarFault) {
        var block: Block?
        // By byte: by character it takes many times as long, and a guard reads the tables for every command.
        for (index, bytes) in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            let raw = Substring(bytes)
            let content = Substring(bytes.drop { $0 == UInt8(ascii: " ") })
            if content.isEmpty || content.utf8.first == UInt8(ascii: "#") { continue }
            if raw.utf8.first == UInt8(ascii: " ") {
                line = index + 1
                guard block != nil else { throw fault("an indented line needs a form above it") }
                block?.body.append((index + 1, String(content)))
            } else {
                if let done = block { try add(done) }
                block = Block(header: String(raw), line: index + 1)
            }
        }
        if let done = block { try add(done) }
    }

    private mutating func add(_ block: Block) throws(GrammarFault) {
        line = block.line
        if block.header.hasPrefix("program ") {
            guard block.body.isEmpty else { throw fault("a program has no lines of its own; write a form") }
            return try addProgram(block.header)
        }
        guard isWanted(block.header) else { return }
        var options: [String: OptionRule] = [:]
        var required: [[String]] = []
        var examples: [GrammarTable.Example] = []
        for (number, text) in block.body {
            line = number
            if let example = text.after("allow ") {
                examples.append(.init(text: example, commandClass: .forbidden, place: place))
            } else if let example = text.after("refuse ") {
                examples.append(.init(text: example, commandClass: nil, place: place))
            } else if let group = text.after("with ") {
                required.append(group.split(separator: "|").map { String($0.trimmed) })
            } else {
                for option in text.split(separator: ",") {
                    for (spelling, rule) in try readOption(String(option.trimmed)) {
                        guard options.updateValue(rule, forKey: spelling) == nil else {
                            throw fault("\(spelling) stands here twice")
                        }
                    }
                }
            }
        }
        line = block.line
        try addForms(block.header, options, required, examples)
    }

    /// Whether any spelling of a form begins with a program that is read.
    private func isWanted(_ header: String) -> Bool {
        guard wanted != nil else { return true }
        var rest = Substring(header)
        while true {
            if aliases[String(rest.prefix { $0 != " " })] != [] { return true }
            guard let bar = rest.firstRange(of: " | ") else { return false }
            rest = rest[bar.upperBound...]
        }
    }

    private mutating func addProgram(_ header: String) throws(GrammarFault) {
        let parts = header.dropFirst("program ".count).split(separator: ":").map(\.trimmed)
        guard let first = parts.first else { throw fault("a program has a name") }
        let names = first.split(separator: " ").map(String.init)
        style = .gnu
        if parts.count == 2 {
            guard let known = GrammarTable.Style(rawValue: String(parts[1])) else {
                throw fault("a program's style is gnu or words")
            }
            style = known
        }
        if let wanted, wanted.isDisjoint(with: names) {
            aliases[names[0]] = []
            return
        }
        for program in names {
            guard table.programs[program] == nil else { throw fault("\(program) has a table already") }
            table.nodes.append(GrammarTable.Node(style: style))
            table.programs[program] = table.nodes.count - 1
        }
        aliases[names[0]] = names
        table.programLines.append(.init(names: names, place: place))
    }

    private mutating func addForms(
        _ header: String, _ options: [String: OptionRule], _ required: [[String]], _ examples: [GrammarTable.Example]
    ) throws(GrammarFault) {
        let isInherited = header.hasSuffix(" ...")
        var synopsis = Substring(header)
        var traits: FormTraits?
        if isInherited {
            synopsis = synopsis.dropLast(4)
        } else {
            guard let colon = header.lastRange(of: " : ") else { throw fault("a form ends in ' : ' and its class") }
            synopsis = header[..<colon.lowerBound]
            traits = try readTraits(header[colon.upperBound...])
        }
        for example in examples {
            // An example to allow must have the class of its form.
            let wanted = example.commandClass == nil ? nil : traits?.commandClass
            table.examples.append(.init(text: example.text, commandClass: wanted, place: example.place))
        }
        for spelling in try SynopsisReader.alternatives(synopsis, fault: fault) {
            let elements = try SynopsisReader.elements(spelling, fault: fault)
            guard case .literal(let program)? = elements.first, let names = aliases[program] else {
                throw fault("the form begins with no program of this table")
            }
            for name in names {
                guard let root = table.programs[name] else { continue }
                try place(
                    elements.dropFirst(), at: root, String(spelling.trimmed), options, required, traits)
            }
        }
    }

    /// Descends over leading literals, making nodes, and puts the form there.
    private mutating func place(
        _ elements: ArraySlice<SynopsisElement>, at root: Int, _ synopsis: String, _ options: [String: OptionRule],
        _ required: [[String]], _ traits: FormTraits?
    ) throws(GrammarFault) {
        guard let first = elements.first, let words = first.leadingWords else {
            if let traits {
                table.forms.append(
                    Form(
                        synopsis: synopsis, place: place, operands: Array(elements), options: options,
                        required: required, traits: traits))
                table.nodes[root].forms.append(table.forms.count - 1)
            } else {
                guard elements.isEmpty else { throw fault("only subcommands stand before ' ...'") }
                table.nodes[root].options.merge(options) { $1 }
            }
            return
        }
        for word in words {
            let child: Int
            if let known = table.nodes[root].children[word] {
                child = known
            } else {
                table.nodes.append(GrammarTable.Node(style: table.nodes[root].style))
                child = table.nodes.count - 1
                table.nodes[root].children[word] = child
            }
            try place(elements.dropFirst(), at: child, synopsis, options, required, traits)
        }
    }

    private func readTraits(_ text: Substring) throws(GrammarFault) -> FormTraits {
        let parts = text.split(separator: ",").map { String($0.trimmed) }
        guard let first = parts.first, let commandClass = CommandClass(rawValue: first), commandClass != .forbidden
        else {
            throw fault("a form's class is observe, bounded, disruptive or highRisk")
        }
        let isObserver = commandClass == .observe
        var traits = FormTraits(
            commandClass: commandClass, undo: isObserver ? .yes : .no, verb: isObserver ? .observe : .change)
        var hasVerb = isObserver
        for part in parts.dropFirst() {
            if let undo = part.after("undo ").flatMap(Undo.init(rawValue:)) {
                traits.undo = undo
            } else if let verb = part.after("does ").flatMap(Effect.Verb.init(rawValue:)), verb != .observe, !isObserver
            {
                traits.verb = verb
                hasVerb = true
            } else if part == "destroys" {
                traits.destroys = true
            } else if part == "filter", isObserver {
                traits.isFilter = true
            } else {
                throw fault("'\(part)' is no trait of a form")
            }
        }
        guard hasVerb else { throw fault("a change says what it does: 'does VERB'") }
        return traits
    }

    private func readOption(_ text: String) throws(GrammarFault) -> [(String, OptionRule)] {
        var spellings: [String] = []
        var value = OptionRule.Value.none
        var raises: CommandClass?
        for word in text.split(separator: " ").map(String.init) {
            if let name = word.after("!") {
                guard let known = CommandClass(rawValue: name) else { throw fault("'\(name)' is no class") }
                raises = known
            } else if word.first == "-" || word.first == "+", let bracket = word.firstIndex(of: "[") {
                guard let type = word[bracket...].dropLast().after("[="), word.last == "]" else {
                    throw fault("'\(word)' is no option")
                }
                spellings.append(String(word[..<bracket]))
                value = .optional(try readType(String(type)))
            } else if word.first == "-" || word.first == "+" {
                spellings.append(word)
            } else {
                value = .required(try readType(word))
            }
        }
        guard let name = spellings.last else { throw fault("'\(text)' is no option") }
        return spellings.map { ($0, OptionRule(name: name, value: value, raises: raises)) }
    }

    private func readType(_ text: String) throws(GrammarFault) -> OperandType {
        guard let type = SynopsisReader.type(text) else { throw fault("there is no type \(text)") }
        return type
    }
}

extension SynopsisElement {
    /// The words it can be, when it is nothing but literals.
    fileprivate var leadingWords: [String]? {
        switch self {
        case .literal(let word): [word]
        case .choice(let ways):
            ways.reduce([String]?.some([])) { words, way in
                guard way.count == 1, case .literal(let word) = way[0] else { return nil }
                return words.map { $0 + [word] }
            }
        default: nil
        }
    }
}
