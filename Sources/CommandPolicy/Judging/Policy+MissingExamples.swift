// SPDX-License-Identifier: Apache-2.0

extension Policy {
    /// What the examples of the tables, or of one, do not show.
    ///
    /// Every form has an example to allow that it recognised itself, wherever that stands: one that another form takes
    /// says nothing about it. Every program has one of either kind; to refuse counts only what the shell's part lets
    /// through, because a command that is refused for a `;` says nothing about its program.
    func missingExamples(of name: String? = nil) -> [GrammarFault] {
        var shown: Set<TablePlace> = []
        var allowed: Set<String> = []
        var refused: Set<String> = []
        for example in table.examples where name == nil || example.place.table == name {
            guard let list = try? CommandList(parsing: example.text) else { continue }
            for words in list.pipelines.flatMap(\.commands).map(\.words) {
                if example.commandClass == nil {
                    refused.insert(Self.program(of: words))
                } else if let judgement = try? examine(words).judgement {
                    allowed.insert(Self.program(of: words))
                    shown.formUnion([judgement.place] + judgement.innerPlaces)
                }
            }
        }
        var faults: [GrammarFault] = []
        for program in table.programLines where name == nil || program.place.table == name {
            if allowed.isDisjoint(with: program.names) {
                faults.append(GrammarFault(at: program.place, "\(program.names[0]) has no 'allow' example"))
            }
            if refused.isDisjoint(with: program.names) {
                let what = "\(program.names[0]) has no 'refuse' example: a command of it that must not pass"
                faults.append(GrammarFault(at: program.place, what))
            }
        }
        for form in table.forms where name == nil || form.place.table == name {
            // A line with several spellings is one form.
            guard shown.insert(form.place).inserted else { continue }
            let what = "the form '\(form.synopsis)' has no 'allow' example that it recognises"
            faults.append(GrammarFault(at: form.place, what))
        }
        return faults
    }

    /// The bare name of what is run, behind `sudo -n`.
    private static func program(of words: [String]) -> String {
        let inner = words.first == "sudo" ? words.dropFirst().drop { $0 == "-n" } : words[...]
        return inner.first?.split(separator: "/").last.map(String.init) ?? ""
    }
}
