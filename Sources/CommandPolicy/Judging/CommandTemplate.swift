// SPDX-License-Identifier: Apache-2.0

/// A command with places for label values, as patterns and the annotations of alert rules hold it.
///
/// The text is understood first, with the places in it; a value is put in afterwards and is one operand of a known
/// type, whole. It can't add a word, an option or an operator, choose a subcommand, or begin an option.
package struct CommandTemplate: Sendable, Equatable {
    /// Longest value that is put in, in bytes.
    static let maximumValueLength = 253

    /// The text as it was written.
    package let text: String
    /// The labels it asks for, in order of appearance.
    package let labels: [String]
    private let list: CommandList

    /// Stands for a place while the text is parsed; no text may hold it.
    private static let mark = "jarvis0place"

    /// Understands `text`, in which `{{ $labels.NAME }}` stands for the value of a label.
    ///
    /// Every other use of `{{` is refused, and so is a text in which Prometheus left an error of its template.
    package init(_ text: String) throws(Refusal) {
        guard !text.contains("<error expanding template") else {
            throw Refusal("the annotation's template failed in Prometheus; mend the rule")
        }
        guard !text.contains(Self.mark) else { throw Refusal("it holds a word that is kept for templates") }
        var labels: [String] = []
        var marked = ""
        var rest = Substring(text)
        while let open = rest.firstRange(of: "{{") {
            marked += rest[..<open.lowerBound]
            rest = rest[open.upperBound...]
            guard let close = rest.firstRange(of: "}}") else { throw Refusal("a template's {{ is not closed") }
            let inside = rest[..<close.lowerBound]
            rest = rest[close.upperBound...]
            if inside.trimmed.first == "\"", let text = Self.literal(inside.trimmed, &rest) {
                marked += text
            } else if let label = inside.trimmed.after("$labels.") ?? inside.trimmed.after(".Labels."),
                Self.isLabel(label)
            {
                marked += "\(Self.mark)\(labels.count)x"
                labels.append(label)
            } else {
                // A program's own template, such as docker's --format.
                marked += "{{" + inside + "}}"
            }
        }
        self.text = text
        self.labels = labels
        list = try CommandList(parsing: marked + rest)
        try checkPlaces()
    }

    /// Puts values in and judges the result: every place must be an operand of an open type.
    ///
    /// `value` gives the value of a label, nil where the alert has none.
    package func judge(_ value: (String) -> String?, by policy: Policy) throws(Refusal) -> JudgedText {
        var pipelines: [Pipeline] = []
        for pipeline in list.pipelines {
            var commands: [SimpleCommand] = []
            for command in pipeline.commands { commands.append(try fill(command, value, policy)) }
            pipelines.append(Pipeline(commands: commands))
        }
        let judged = try policy.assess(CommandList(pipelines, list.connectors).canonical)
        let values = Set(labels.compactMap(value))
        for effect in judged.effects where effect.isChange && values.contains(effect.name) {
            switch policy.settings.protection.level(effect.kind, effect.name) {
            case .locked, .own, .lifeline: throw Refusal("a label names \(effect.target), which is protected")
            case .stateful, .watcher, .carrier, nil: break
            }
        }
        return judged
    }

    private func fill(_ command: SimpleCommand, _ value: (String) -> String?, _ policy: Policy) throws(Refusal)
        -> SimpleCommand
    {
        var words = command.words
        var places: [Int] = []
        for index in words.indices {
            guard let (before, label) = place(in: words[index]) else { continue }
            guard let value = value(label) else { throw Refusal("the alert has no label '\(label)'") }
            try Self.check(value, of: label)
            words[index] = before + value
            places.append(index)
        }
        if !places.isEmpty {
            let (judgement, judged) = try policy.examine(words)
            // Places are counted behind `sudo -n`, which `judged` has in full and `words` may not.
            let prefix = words.first == "sudo" ? words.count - (judged.count - 2) : 0
            for place in places where !judgement.openPlaces.contains(place - prefix) {
                let label = self.place(in: command.words[place])?.label ?? ""
                throw Refusal("the label '\(label)' would choose what is done")
            }
        }
        return SimpleCommand(words: words, redirections: command.redirections)
    }

    /// What stands before the place, and which label it asks for.
    private func place(in word: String) -> (before: String, label: String)? {
        guard let range = word[...].firstRange(of: Self.mark) else { return nil }
        let digits = word[range.upperBound...].prefix { $0 != "x" }
        guard let number = Int(digits), labels.indices.contains(number) else { return nil }
        return (String(word[..<range.lowerBound]), labels[number])
    }

    /// A place is a whole word, or the whole value of `--name=`.
    private func checkPlaces() throws(Refusal) {
        for word in list.pipelines.flatMap(\.commands).flatMap(\.words) {
            guard let (before, label) = place(in: word) else { continue }
            let rest = word.dropFirst(before.count).drop { $0 != "x" }.dropFirst()
            guard rest.isEmpty, before.isEmpty || (before.hasPrefix("--") && before.hasSuffix("=")) else {
                throw Refusal("'{{ $labels.\(label) }}' must be a word of its own, or all that follows --name=")
            }
        }
    }

    private static func check(_ value: String, of label: String) throws(Refusal) {
        let shown = Refusal.show(value)
        guard !value.isEmpty else { throw Refusal("the label '\(label)' is empty") }
        guard value.utf8.count <= maximumValueLength else { throw Refusal("the label '\(label)' is too long") }
        guard value.utf8.first != UInt8(ascii: "-"), value.utf8.first != UInt8(ascii: "+") else {
            throw Refusal("the label '\(label)' is \(shown), which would be read as an option")
        }
        guard value.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Refusal("the label '\(label)' is \(shown): only printable ASCII without blanks is put into a command")
        }
        guard !value.contains("{{"), !value.contains(mark) else {
            throw Refusal("the label '\(label)' is \(shown), which is a template itself")
        }
    }

    /// `{{ "{{.Name}}" }}` is how a rule writes a program's own template; what stands in the quotes.
    private static func literal(_ begin: Substring, _ rest: inout Substring) -> String? {
        guard let end = rest.firstRange(of: "}}"), rest[..<end.lowerBound].trimmed == "\"" else {
            return begin.count > 1 && begin.last == "\"" ? String(begin.dropFirst().dropLast()) : nil
        }
        rest = rest[end.upperBound...]
        return begin.dropFirst() + "}}"
    }

    private static func isLabel(_ text: String) -> Bool {
        text.utf8.count <= 64 && text.isMade(of: "_", first: "_") && !(0x30...0x39).contains(text.utf8.first ?? 0x30)
    }
}
