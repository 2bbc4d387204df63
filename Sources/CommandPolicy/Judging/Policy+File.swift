// SPDX-License-Identifier: Apache-2.0

extension Policy {
    /// The policy with an operator's file on top: statements (`PolicyStatements`), then, behind a line `grammars`,
    /// tables in the notation of `GrammarCompiler`.
    ///
    /// A file adds names, hosts, services and paths, protects, refuses and caps; its tables teach further programs and
    /// must carry examples, see `missingExamples`. What the shipped tables say stays: a program that has a table keeps it.
    package func reading(_ text: String, name: String) throws(GrammarFault) -> Policy {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        let head = lines.prefix { $0.trimmed != "grammars" }
        lines = lines.dropFirst(head.count + 1)
        let settings = try PolicyStatements.read(head.joined(separator: "\n"), name: name, on: settings)
        guard !lines.isEmpty else { return with(settings) }
        // Blank lines in front keep the numbers of lines.
        let tables = String(repeating: "\n", count: head.count + 1) + lines.joined(separator: "\n")
        let table = try GrammarCompiler.compile(
            ShippedTables.all, own: (name: name, text: tables), programs: madeFor)
        let policy = Policy(table: table, settings: settings, denials: denials, programs: madeFor)
        // What is not read has no examples that could be judged.
        if madeFor == nil { try policy.checkOperatorExamples(of: name) }
        return policy
    }

    private func checkOperatorExamples(of name: String) throws(GrammarFault) {
        try checkExamples(of: name)
        if let missing = missingExamples(of: name).first { throw missing }
    }
}
