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
    /// Throws a fault that names table and line, also when an example is not judged as it says. A guard, which starts
    /// afresh for every command, leaves the examples to its own `check`.
    package static func shipped(checkingExamples: Bool = true) throws(GrammarFault) -> Policy {
        let policy = Policy(
            table: try GrammarCompiler.compile(ShippedTables.all), settings: try .unconfigured(),
            denials: try DenyList(DenyList.shippedText, name: "deny list"))
        if checkingExamples { try policy.checkExamples() }
        return policy
    }
}
