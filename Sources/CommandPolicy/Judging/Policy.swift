// SPDX-License-Identifier: Apache-2.0

/// Decides what a command is, and whether it may be sent to a host at all.
///
/// Pure: the same text under the same settings always gets the same answer. What is not understood completely is
/// refused; what is accepted is printed afresh, so that what was judged is what runs.
package struct Policy: Sendable {
    /// Names, paths and caps.
    package let settings: PolicySettings
    let table: GrammarTable
    let denials: DenyList
    /// The programs that it was made for; nil: all.
    let madeFor: Set<String>?

    /// Puts a policy together; see `Policy.shipped`.
    init(table: GrammarTable, settings: PolicySettings, denials: DenyList, programs: Set<String>? = nil) {
        madeFor = programs
        self.table = table
        self.settings = settings
        self.denials = denials
    }

    /// The same grammars under other settings.
    package func with(_ settings: PolicySettings) -> Policy {
        Policy(table: table, settings: settings, denials: denials, programs: madeFor)
    }

    /// The policy with a container protected as Jarvis' own; nil where it is already, or more strictly.
    package func protectingOwn(container name: String) -> Policy? {
        var settings = settings
        return settings.protection.protectOwn(.container, name) ? with(settings) : nil
    }

    /// Judges a text: the steps it stands for, in order, or why it is refused.
    package func judge(_ text: String) throws(Refusal) -> [JudgedCommand] { try assess(text).steps }

    /// Judges a text as a whole.
    ///
    /// Observers may be joined by pipes and lists and stay one step. A list with changes becomes one step for each of
    /// its commands; `||` with a change is refused, and so are a pipe with one and a list with a change that needs a person.
    package func assess(_ text: String) throws(Refusal) -> JudgedText {
        let line = try ShellParser.parse(text)
        try denials.check(line)
        var steps: [JudgedCommand] = []
        for pipeline in line.pipelines { steps.append(try judge(pipeline)) }
        guard steps.count > 1 else { return JudgedText(steps: steps, canonical: steps[0].canonical) }
        let whole = CommandList(steps.map { $0.list.pipelines[0] }, line.connectors)
        if steps.allSatisfy({ $0.commandClass == .observe }) {
            let step = JudgedCommand(
                list: whole, commandClass: .observe, undo: .yes, destroys: false, effects: steps.flatMap(\.effects),
                reason: steps.map(\.reason).joined(separator: "; "))
            return JudgedText(steps: [step], canonical: whole.canonical)
        }
        guard !line.connectors.contains(.orElse) else {
            throw Refusal("|| with a change: which command runs would depend on the host; write one plan for each")
        }
        guard steps.allSatisfy({ $0.commandClass <= .bounded }) else {
            throw Refusal("a change that needs a person stands alone, not in a list")
        }
        return JudgedText(steps: steps, canonical: whole.canonical)
    }

    /// Judges one command given as words, such as that of a typed action: the same rules, no text to understand.
    package func judge(words: [String]) throws(Refusal) -> JudgedCommand {
        guard !words.isEmpty, words.allSatisfy({ $0.utf8.allSatisfy { (0x20...0x7E).contains($0) } }) else {
            throw Refusal("a word holds a character that is not printable ASCII")
        }
        let line = CommandList(words: words)
        try denials.check(line)
        return try judge(line.pipelines[0])
    }

    /// The same, run as somebody: `sudo -n` is put in front for root.
    package func judge(words: [String], as privilege: Privilege) throws(Refusal) -> JudgedCommand {
        try judge(words: privilege.prefix + words)
    }

    private func judge(_ pipeline: Pipeline) throws(Refusal) -> JudgedCommand {
        var judgements: [Judgement] = []
        var commands: [SimpleCommand] = []
        for (index, command) in pipeline.commands.enumerated() {
            let (judgement, words) = try examine(command.words)
            if index == 0 {
                guard !judgement.isFilter else { throw Refusal("\(Refusal.show(words[0])) would wait for input") }
            } else {
                guard judgement.isFilter else {
                    throw Refusal("\(Refusal.show(words[0])) may not stand behind a pipe in this form")
                }
            }
            guard judgement.commandClass == .observe || pipeline.commands.count == 1 else {
                throw Refusal("a change is not joined to others by a pipe")
            }
            judgements.append(judgement)
            commands.append(SimpleCommand(words: words, redirections: command.redirections))
        }
        let first = judgements[0]
        return JudgedCommand(
            list: CommandList([Pipeline(commands: commands)]), commandClass: first.commandClass, undo: first.undo,
            destroys: first.destroys, effects: first.effects, reason: first.synopsis)
    }

    /// One simple command, with `sudo` in front understood as a prefix.
    func examine(_ words: [String]) throws(Refusal) -> (judgement: Judgement, words: [String]) {
        var inner = words[...]
        var prefix: [String] = []
        if inner.first == "sudo" {
            inner = inner.dropFirst()
            if inner.first == "-n" { inner = inner.dropFirst() }
            guard let program = inner.first, program.utf8.first != UInt8(ascii: "-"), program != "sudo" else {
                throw Refusal("sudo takes no option but -n, and a command")
            }
            prefix = ["sudo", "-n"]
        }
        for refused in settings.refused where inner.starts(with: refused) {
            throw Refusal("this policy refuses '\(refused.joined(separator: " "))'")
        }
        let judgement = try table.judge(Array(inner), settings)
        for words in judgement.inner { try denials.check(CommandList(words: words)) }
        if judgement.commandClass != .observe, judgement.effects.count(where: { $0.isChange }) > 1,
            Set(judgement.effects.map(\.kind)).count == 1
        {
            throw Refusal("one change has one target; write one command for each")
        }
        guard judgement.commandClass <= settings.cap else {
            throw Refusal(
                "it is \(judgement.commandClass.rawValue); this policy goes no further than \(settings.cap.rawValue)")
        }
        return (judgement, prefix + inner)
    }
}
