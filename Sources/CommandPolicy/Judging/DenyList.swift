// SPDX-License-Identifier: Apache-2.0

/// A second net behind the grammars: what must never run, whoever should come to allow it.
///
/// A list like this is not a policy (most attacks pass one); it is checked on the parsed form of every command, and
/// it catches the day on which a table is wrong.
package struct DenyList: Sendable {
    /// Commands that begin with these words (the program by its bare name), with any further ones, are refused.
    struct Entry: Sendable, Equatable {
        let words: [String]
        let reason: String
        /// A command that it refuses.
        let example: String
        let place: TablePlace

        /// Whether it says anything of a program.
        func isFor(_ program: String) -> Bool {
            words[0].hasSuffix("*") ? program.hasPrefix(words[0].dropLast()) : program == words[0]
        }
    }

    /// By program.
    let entries: [String: [Entry]]
    /// Those whose program ends in `*`: any program that begins so.
    let families: [Entry]

    /// Reads one entry a line: the words, ` : `, the reason, ` : `, an example; `#` begins a comment.
    ///
    /// A word `*` in the middle stands for any words; a word that ends in `*` for every word that begins so.
    package init(_ text: String, name: String) throws(GrammarFault) {
        var entries: [String: [Entry]] = [:]
        var families: [Entry] = []
        for (index, bytes) in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            if bytes.isEmpty || bytes.first == UInt8(ascii: "#") { continue }
            let place = TablePlace(table: name, line: index + 1)
            let line = Substring(bytes)
            guard let first = line.firstRange(of: " : "),
                let second = line[first.upperBound...].firstRange(of: " : ")
            else { throw GrammarFault(at: place, "an entry has words, ' : ', a reason, ' : ' and an example") }
            let words = Self.words(line[..<first.lowerBound])
            let reason = Self.words(line[first.upperBound..<second.lowerBound])
            guard let program = words.first, program != "*", !reason.isEmpty else {
                throw GrammarFault(at: place, "an entry begins with a program, and has a reason")
            }
            let example = String(line[second.upperBound...])
            let entry = Entry(
                words: words, reason: reason.joined(separator: " "), example: example, place: place)
            if program.hasSuffix("*") { families.append(entry) } else { entries[program, default: []].append(entry) }
        }
        self.entries = entries
        self.families = families
    }

    /// Judges the example of every entry; throws the first that its own entry does not refuse.
    func checkExamples() throws(GrammarFault) {
        for entry in entries.values.joined() + families {
            let command = (try? CommandList(parsing: entry.example))?.pipelines.first?.commands.first
            guard let words = command?.words, entry.isFor(Self.program(words[0])),
                Self.matches(entry.words.dropFirst(), words.dropFirst())
            else {
                throw GrammarFault(at: entry.place, "the entry does not refuse its example '\(entry.example)'")
            }
        }
    }

    /// How many entries there are.
    package var count: Int { entries.values.reduce(families.count) { $0 + $1.count } }

    func check(_ line: CommandList) throws(Refusal) {
        for pipeline in line.pipelines {
            for command in pipeline.commands { try check(command.words[...]) }
        }
    }

    private func check(_ words: ArraySlice<String>) throws(Refusal) {
        guard let program = words.first.map(Self.program) else { return }
        for entry in entries[program] ?? [] where Self.matches(entry.words.dropFirst(), words.dropFirst()) {
            throw Refusal("never run: \(entry.reason)")
        }
        for entry in families where entry.isFor(program) && Self.matches(entry.words.dropFirst(), words.dropFirst()) {
            throw Refusal("never run: \(entry.reason)")
        }
        // Behind sudo it is the same command.
        if program == "sudo" { try check(words.dropFirst().drop { $0.utf8.first == UInt8(ascii: "-") }) }
    }

    /// By byte: a guard reads the list for every command.
    private static func words(_ text: Substring) -> [String] {
        text.utf8.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) }
    }

    /// The bare name.
    private static func program(_ word: String) -> String { word.split(separator: "/").last.map(String.init) ?? word }

    private static func matches(_ wanted: ArraySlice<String>, _ words: ArraySlice<String>) -> Bool {
        guard let first = wanted.first else { return true }
        if first == "*" {
            let rest = wanted.dropFirst()
            return words.indices.contains { matches(rest, words[$0...]) } || rest.isEmpty
        }
        guard let word = words.first else { return false }
        let fits = first.hasSuffix("*") ? word.hasPrefix(String(first.dropLast())) : word == first
        return fits && matches(wanted.dropFirst(), words.dropFirst())
    }
}
