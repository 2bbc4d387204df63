// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Cryptography

/// What this host's own file says: who may ask, for what, and how often.
struct GuardSettings: Sendable, Equatable {
    /// This host, by the name Jarvis has for it.
    var host = ""
    /// Public keys of which one must have signed; more than one while a key is replaced.
    var keys: [[UInt8]] = []
    /// Nothing riskier is done.
    var cap = CommandClass.observe
    /// At most so many changes within an hour.
    var changesPerHour = 20
    /// What may be changed: names by kind of thing; `host this` for changes of the machine as a whole.
    var targets: [Effect.Kind: Set<String>] = [:]
    /// Where programs are looked for.
    var searchPath = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]

    /// Whether the operator listed what this effect changes.
    func allows(_ effect: Effect) -> Bool {
        let name = Self.fullName(effect.name, effect.kind)
        return targets[effect.kind]?.contains { Self.fullName($0, effect.kind) == name } == true
    }

    /// Units may be named without `.service`; systemctl(1) adds it.
    private static func fullName(_ name: String, _ kind: Effect.Kind) -> String {
        guard kind == .unit else { return name }
        let types = [".service", ".socket", ".timer", ".path", ".mount", ".automount", ".target", ".slice", ".scope"]
        return types.contains { name.hasSuffix($0) } ? name : name + ".service"
    }
}

/// The guard's file: statements of the guard and of the policy, one a line, and perhaps tables of further programs.
///
///     guard-host nexus              guard-key BASE64          guard-cap bounded       guard-rate 20
///     guard-path /usr/bin /bin      allow-target container web api
///
/// Everything else is what the policy's own file may say; see docs/POLICY.md.
struct GuardFile: Sendable {
    let settings: GuardSettings
    let policy: Policy

    /// Where well-known names lead on most systems; without these the resolved path would be refused.
    private static let resolvedText = """
        read /usr/lib/os-release /etc/letsencrypt/archive/ /usr/share/ca-certificates/ /usr/share/zoneinfo/
        """

    /// Reads a whole file; every fault names its line.
    ///
    /// For one command only the tables of the words in it are read, which takes a fraction of the time; nil reads
    /// everything and judges every example.
    init(_ text: String, name: String, for canonical: String? = nil) throws(GrammarFault) {
        var settings = GuardSettings()
        var rest: [Substring] = []
        var isHead = true
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.prefix { $0 != "#" }.split(separator: " ").map(String.init)
            if words == ["grammars"] { isHead = false }
            guard isHead, let keyword = words.first, keyword.hasPrefix("guard-") || keyword == "allow-target" else {
                rest.append(line)
                continue
            }
            // An empty line in its place keeps the numbers of lines.
            rest.append("")
            if let fault = Self.take(keyword, Array(words.dropFirst()), into: &settings) {
                throw GrammarFault(table: name, line: index + 1, message: fault)
            }
        }
        guard !settings.host.isEmpty else { throw GrammarFault(table: name, line: 1, message: "guard-host is missing") }
        guard !settings.keys.isEmpty else { throw GrammarFault(table: name, line: 1, message: "guard-key is missing") }
        self.settings = settings
        let base = try PolicyStatements.read(Self.resolvedText, name: "guard", on: try PolicySettings.shipped())
        policy = try Policy.shipped(for: canonical).with(base).reading(rest.joined(separator: "\n"), name: name)
    }

    /// What is wrong with one statement; nil: nothing.
    private static func take(_ keyword: String, _ words: [String], into settings: inout GuardSettings) -> String? {
        switch (keyword, words.count) {
        case ("guard-host", 1):
            guard settings.host.isEmpty else { return "guard-host is given twice" }
            settings.host = words[0]
        case ("guard-key", 1):
            guard let key = Base64.decode(words[0]), key.count == Ed25519.publicKeyByteCount else {
                return "guard-key is a public key of Jarvis: 44 characters of Base64"
            }
            settings.keys.append(key)
        case ("guard-cap", 1):
            guard let cap = CommandClass(rawValue: words[0]), cap != .forbidden else {
                return "guard-cap is one of observe, bounded, disruptive, highRisk"
            }
            settings.cap = cap
        case ("guard-rate", 1):
            guard let rate = Int(words[0]), (0...1000).contains(rate) else {
                return "guard-rate is a number of changes an hour, up to 1000"
            }
            settings.changesPerHour = rate
        case ("guard-path", 1...16):
            guard words.allSatisfy({ $0.hasPrefix("/") && !$0.contains(":") }) else {
                return "guard-path lists folders by their absolute paths"
            }
            settings.searchPath = words
        case ("allow-target", 2...):
            guard let kind = Effect.Kind(rawValue: words[0]) else {
                return "allow-target takes a kind of thing (container, unit, stack, path, …) and names"
            }
            settings.targets[kind, default: []].formUnion(words.dropFirst())
        default: return "'\(([keyword] + words).joined(separator: " "))' is not understood"
        }
        return nil
    }
}
