// SPDX-License-Identifier: Apache-2.0

extension Policy {
    /// How many examples the tables carry.
    package var exampleCount: Int { table.examples.count }

    /// The texts of all examples.
    package var examples: [String] { table.examples.map(\.text) }

    /// The names of all programs that are known.
    package var programs: [String] { table.programs.keys.sorted() }

    /// How many entries the deny list has.
    package var denialCount: Int { denials.count }

    /// Judges every example of all tables, or of one; throws the first that is not as it says.
    package func checkExamples(of name: String? = nil) throws(GrammarFault) {
        for example in table.examples where name == nil || example.place.table == name {
            guard let fault = fault(in: example) else { continue }
            throw GrammarFault(at: example.place, "'\(example.text)' \(fault)")
        }
    }

    private func fault(in example: GrammarTable.Example) -> String? {
        do {
            let found = try assess(example.text).commandClass
            guard let wanted = example.commandClass else { return "must be refused, and is \(found.rawValue)" }
            return found == wanted ? nil : "must be \(wanted.rawValue), and is \(found.rawValue)"
        } catch {
            return example.commandClass.map { "must be \($0.rawValue), and is refused: \(error.reason)" }
        }
    }
}
