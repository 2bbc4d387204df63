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
    }

    /// By program.
    let entries: [String: [Entry]]
    /// Those whose program ends in `*`: any program that begins so.
    let families: [Entry]

    /// Reads one entry a line: the words, ` : `, the reason; `#` begins a comment.
    ///
    /// A word `*` in the middle stands for any words; a word that ends in `*` for every word that begins so.
    package init(_ text: String, name: String) throws(GrammarFault) {
        var entries: [String: [Entry]] = [:]
        var families: [Entry] = []
        for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = raw.trimmed
            if line.isEmpty || line.first == "#" { continue }
            guard let colon = line.lastRange(of: " : ") else {
                throw GrammarFault(table: name, line: index + 1, message: "an entry has words, ' : ' and a reason")
            }
            let words = line[..<colon.lowerBound].split(separator: " ").map(String.init)
            guard let program = words.first, program != "*" else {
                throw GrammarFault(table: name, line: index + 1, message: "an entry begins with a program")
            }
            let entry = Entry(words: words, reason: String(line[colon.upperBound...].trimmed))
            if program.hasSuffix("*") { families.append(entry) } else { entries[program, default: []].append(entry) }
        }
        self.entries = entries
        self.families = families
    }

    /// How many entries there are.
    package var count: Int { entries.values.reduce(families.count) { $0 + $1.count } }

    func check(_ line: CommandList) throws(Refusal) {
        for pipeline in line.pipelines {
            for command in pipeline.commands { try check(command.words[...]) }
        }
    }

    private func check(_ words: ArraySlice<String>) throws(Refusal) {
        guard let first = words.first else { return }
        let program = first.split(separator: "/").last.map(String.init) ?? first
        for entry in entries[program] ?? [] where Self.matches(entry.words.dropFirst(), words.dropFirst()) {
            throw Refusal("never run: \(entry.reason)")
        }
        for entry in families where program.hasPrefix(entry.words[0].dropLast()) {
            guard !Self.matches(entry.words.dropFirst(), words.dropFirst()) else {
                throw Refusal("never run: \(entry.reason)")
            }
        }
        // Behind sudo it is the same command.
        if program == "sudo" { try check(words.dropFirst().drop { $0.utf8.first == UInt8(ascii: "-") }) }
    }

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
