// SPDX-License-Identifier: Apache-2.0

/// The tables of the product, one a program family.
enum ShippedTables {
    static let all: [(name: String, text: String)] = [
        ("docker", docker), ("compose", compose), ("kubernetes", kubernetes), ("systemd", systemd), ("host", host),
        ("processes", processes), ("packages", packages), ("power", power), ("files", files), ("filters", filters),
        ("storage", storage), ("backups", backups), ("network", network), ("reach", reach), ("firewall", firewall),
        ("names", names), ("web", web), ("vpn", vpn), ("databases", databases), ("caches", caches),
        ("messaging", messaging), ("homeAssistant", homeAssistant), ("monitoring", monitoring),
        ("virtualisation", virtualisation),
    ]
}

extension Policy {
    /// The product's own tables and deny list under the settings without configuration, checked by their examples.
    ///
    /// Throws a fault that names table and line, also when an example is not judged as it says.
    package static func shipped() throws(GrammarFault) -> Policy { try shipped(for: nil) }

    /// The same for one command alone: it is judged as the whole policy would, and every other one is refused.
    ///
    /// For a guard, which starts afresh for every command: reading everything would take longer than most of them. With
    /// nil everything is read, and the examples are judged.
    package static func shipped(for text: String?) throws(GrammarFault) -> Policy {
        let programs = text.map(possiblePrograms)
        let policy = Policy(
            table: try GrammarCompiler.compile(ShippedTables.all, programs: programs), settings: try .unconfigured(),
            denials: try DenyList(DenyList.shippedText, name: "denials.txt"), programs: programs)
        if programs == nil {
            try policy.checkExamples()
            try policy.denials.checkExamples()
        }
        return policy
    }

    /// Every word of a command, also behind its last slash: whatever is a program of it is among them.
    private static func possiblePrograms(_ text: String) -> Set<String> {
        // One that can't be read is refused whatever programs are known.
        guard let list = try? CommandList(parsing: text) else { return [] }
        let words = list.pipelines.flatMap(\.commands).flatMap(\.words)
        return Set(words.map { word in word.lastIndex(of: "/").map { String(word[word.index(after: $0)...]) } ?? word })
    }
}
