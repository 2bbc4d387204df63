// SPDX-License-Identifier: Apache-2.0

/// Reads settings from lines, one statement each; `#` begins a comment.
///
///     read /var/log/            content below may be printed      list /opt/    names and sizes
///     stacks /opt/stacks/       compose files                     databases /config/
///     host nexus   network 192.168.0.0/24   probe example.org   service http://127.0.0.1:9090/   action URL
///     protect container jarvis own          stateful postgres     refuse docker exec    cap bounded
package struct PolicyStatements {
    private var settings: PolicySettings

    /// Reads statements on top of other settings; every fault names its line.
    package static func read(_ text: String, name: String, on base: PolicySettings = PolicySettings())
        throws(GrammarFault) -> PolicySettings
    {
        var reader = PolicyStatements(settings: base)
        for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = raw.prefix { $0 != "#" }.split(separator: " ").map(String.init)
            guard let keyword = words.first else { continue }
            guard reader.take(keyword, Array(words.dropFirst())) else {
                throw GrammarFault(
                    table: name, line: index + 1, message: "'\(words.joined(separator: " "))' is not understood")
            }
        }
        return reader.settings
    }

    private mutating func take(_ keyword: String, _ words: [String]) -> Bool {
        guard !words.isEmpty else { return false }
        switch keyword {
        case "read": return add(words, to: \.paths.readable)
        case "list": return add(words, to: \.paths.listable)
        case "stacks": return add(words, to: \.paths.stacks)
        case "databases": return add(words, to: \.paths.databases)
        case "host": settings.network.hosts.formUnion(words)
        case "network":
            for word in words {
                guard let network = NetworkRules.Network(word) else { return false }
                settings.network.networks.append(network)
            }
        case "probe": settings.network.probeNames.formUnion(words)
        case "service":
            guard words.allSatisfy({ $0.hasPrefix("http://") || $0.hasPrefix("https://") }) else { return false }
            settings.network.services += words
        case "action": settings.network.actions.formUnion(words)
        case "protect":
            guard let kind = Effect.Kind(rawValue: words[0]), let last = words.last,
                let level = Protection.Level(rawValue: last), words.count >= 3
            else { return false }
            for name in words[1..<(words.count - 1)] { settings.protection.levels[kind, default: [:]][name] = level }
        case "stateful": settings.protection.statefulWords.formUnion(words)
        case "refuse": settings.refused.append(words)
        case "cap":
            guard words.count == 1, let cap = CommandClass(rawValue: words[0]), cap != .forbidden else { return false }
            settings.cap = min(settings.cap, cap)
        default: return false
        }
        return true
    }

    private mutating func add(_ words: [String], to list: WritableKeyPath<PolicySettings, [String]>) -> Bool {
        guard words.allSatisfy({ $0.hasPrefix("/") }) else { return false }
        settings[keyPath: list] += words
        return true
    }
}
