// SPDX-License-Identifier: Apache-2.0

/// What the policy says about one simple command.
struct Judgement {
    var commandClass: CommandClass
    var undo: Undo
    var destroys: Bool
    var effects: [Effect]
    var isFilter: Bool
    /// Which form was recognised.
    var synopsis: String
    /// Where that form stands.
    var place: TablePlace
    /// Where the forms of commands inside this one stand.
    var innerPlaces: [TablePlace]
    /// Places of the words that were accepted as operands of an open type: no literal, none of a few words.
    var openPlaces: Set<Int>
    /// The words of commands inside this one, such as that of `docker exec`.
    var inner: [[String]]
}

extension GrammarTable {
    /// Understands the words of one simple command, or refuses them.
    ///
    /// Where several forms fit, the riskiest counts.
    func judge(_ words: [String], _ settings: PolicySettings, depth: Int = 0) throws(Refusal) -> Judgement {
        let program = try programName(words[0])
        guard let root = programs[program] else { throw Refusal("\(Refusal.show(words[0])) is no known program") }
        var walk = try Walk(self, words, from: root, settings)
        return try walk.judge(depth: depth)
    }

    /// A plain name, or one of the folders where programs of the system lie, spelt plainly.
    private func programName(_ word: String) throws(Refusal) -> String {
        guard word.utf8.contains(UInt8(ascii: "/")) else { return word }
        for folder in ["/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/"] {
            if let name = word.after(folder), !name.utf8.contains(UInt8(ascii: "/")) { return name }
        }
        throw Refusal("\(Refusal.show(word)) does not lie in a folder of the system's programs")
    }
}

/// The way from a program over its subcommands to a form.
private struct Walk {
    let table: GrammarTable
    let words: [String]
    let settings: PolicySettings
    var path: [Int]
    var index = 1
    var scanner: OptionScanner

    init(_ table: GrammarTable, _ words: [String], from root: Int, _ settings: PolicySettings) throws(Refusal) {
        self.table = table
        self.words = words
        self.settings = settings
        path = [root]
        scanner = OptionScanner(style: table.nodes[root].style, settings: settings)
        try descend()
    }

    private func inherited(_ name: String) -> OptionRule? {
        for node in path.reversed() {
            if let rule = table.nodes[node].options[name] { return rule }
        }
        return nil
    }

    /// Over options that hold everywhere and words that are subcommands.
    private mutating func descend() throws(Refusal) {
        // Behind the last subcommand the forms read the options: theirs go before those that hold everywhere.
        while index < words.count, let here = path.last, !table.nodes[here].children.isEmpty {
            let word = words[index]
            if scanner.isOption(word), word != "--" {
                guard !table.nodes[here].forms.contains(where: { table.forms[$0].options[word] != nil }) else { return }
                guard let next = try scanner.scan(words, index, inherited) else { return }
                index = next
            } else if let child = table.nodes[here].children[word] {
                path.append(child)
                index += 1
            } else {
                return
            }
        }
    }

    mutating func judge(depth: Int) throws(Refusal) -> Judgement {
        guard let here = path.last else { throw Refusal("it is not understood") }
        let forms = table.nodes[here].forms
        guard !forms.isEmpty else {
            let known = table.nodes[here].children.keys.sorted().prefix(8).joined(separator: ", ")
            guard index < words.count else { throw Refusal("something must follow \(Refusal.show(words[index - 1]))") }
            throw Refusal("\(Refusal.show(words[index])) is not understood here; there are: \(known), …")
        }
        var best: Judgement?
        var refusal: (progress: Int, Refusal)?
        for number in forms {
            let attempt = try attempt(table.forms[number], depth: depth)
            switch attempt {
            case .success(let judgement):
                if best.map({ $0.commandClass < judgement.commandClass }) ?? true { best = judgement }
            case .failure(let failure):
                if refusal.map({ $0.progress < failure.progress }) ?? true {
                    refusal = (failure.progress, failure.refusal)
                }
            }
        }
        if let best { return best }
        throw refusal?.1 ?? Refusal("it is not understood")
    }

    private struct Failure: Error {
        let progress: Int
        let refusal: Refusal
    }

    private func attempt(_ form: Form, depth: Int) throws(Refusal) -> Result<Judgement, Failure> {
        var scanner = scanner
        var operands: [String] = []
        var places: [Int] = []
        var at = index
        var onlyOperands = false
        while at < words.count {
            let word = words[at]
            if onlyOperands || !scanner.isOption(word) {
                operands.append(word)
                places.append(at)
                at += 1
                if form.endsOptionsAtOperand { onlyOperands = true }
            } else if word == "--" {
                onlyOperands = true
                at += 1
            } else {
                do {
                    if let next = try scanner.scan(words, at, { form.options[$0] ?? inherited($0) }) {
                        at = next
                    } else if scanner.style == .words {
                        // A form of this style may name it as a word of its own.
                        operands.append(word)
                        places.append(at)
                        at += 1
                    } else {
                        return .failure(
                            .init(progress: at, refusal: Refusal("the option \(Refusal.show(word)) is not understood")))
                    }
                } catch {
                    return .failure(.init(progress: at, refusal: error))
                }
            }
        }
        var matcher = OperandMatcher(words: operands, places: places, settings: settings)
        guard let match = matcher.match(form.operands) else {
            return .failure(.init(progress: index + max(matcher.furthest, 0), refusal: Refusal(matcher.reason)))
        }
        for group in form.required where !group.contains(where: { given($0, form, scanner) }) {
            return .failure(
                .init(progress: words.count, refusal: Refusal("\(group.joined(separator: " or ")) must be given")))
        }
        do {
            return .success(try conclude(form, scanner, match, depth))
        } catch {
            return .failure(.init(progress: words.count, refusal: error))
        }
    }

    private func given(_ spelling: String, _ form: Form, _ scanner: OptionScanner) -> Bool {
        guard let rule = form.options[spelling] ?? inherited(spelling) else { return false }
        return scanner.given.contains(rule.name)
    }

    private func conclude(_ form: Form, _ scanner: OptionScanner, _ match: OperandMatcher.Match, _ depth: Int)
        throws(Refusal) -> Judgement
    {
        var commandClass = max(form.traits.commandClass, scanner.raised)
        var effects: [Effect] = []
        var places: [Effect] = []
        var undo = form.traits.undo
        var destroys = form.traits.destroys
        var openPlaces: Set<Int> = []
        var innerPlaces: [TablePlace] = []
        for capture in scanner.captures + match.captures {
            if capture.type.isOpen { openPlaces.insert(capture.index) }
            if let place = capture.type.place {
                let effect = Effect(form.traits.verb, place.kind, place.name(capture.word))
                commandClass = try settings.protection.judge(place: effect, commandClass)
                places.append(effect)
            }
            guard let kind = capture.type.target else { continue }
            let effect = Effect(form.traits.verb, kind, capture.word)
            commandClass = try settings.protection.judge(effect, commandClass)
            effects.append(effect)
        }
        var inner: [[String]] = []
        if let found = match.inner {
            guard depth == 0 else { throw Refusal("a command inside a command inside a command is not understood") }
            let judged = try table.judge(found.words, settings, depth: depth + 1)
            guard !judged.isFilter else { throw Refusal("\(Refusal.show(found.words[0])) would wait for input") }
            if judged.commandClass != .observe {
                // What changes something inside a container is a person's decision, and a change of the container.
                commandClass = max(commandClass, .highRisk)
                for effect in effects {
                    let change = Effect(.change, effect.kind, effect.name)
                    commandClass = try settings.protection.judge(change, commandClass)
                }
                for place in places {
                    let change = Effect(.change, place.kind, place.name)
                    commandClass = try settings.protection.judge(place: change, commandClass)
                }
            }
            inner = [found.words] + judged.inner
            innerPlaces = [judged.place] + judged.innerPlaces
            undo = undo.worse(judged.undo)
            destroys = destroys || judged.destroys
            effects += judged.effects
            openPlaces.formUnion(judged.openPlaces.map { $0 + found.place })
        }
        if effects.isEmpty {
            let effect = Effect(form.traits.verb, .host, "this")
            commandClass = try settings.protection.judge(effect, commandClass)
            effects.append(effect)
        }
        return Judgement(
            commandClass: commandClass, undo: undo, destroys: destroys, effects: effects,
            isFilter: form.traits.isFilter, synopsis: form.synopsis, place: form.place, innerPlaces: innerPlaces,
            openPlaces: openPlaces, inner: inner)
    }
}
