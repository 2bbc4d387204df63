// SPDX-License-Identifier: Apache-2.0

/// What may be done to things that Jarvis, or the way to the host, hangs on.
package struct Protection: Sendable {
    /// How a thing is protected.
    package enum Level: String, Sendable, CaseIterable {
        /// Looked at only: sshd, what starts a shell, what ends the host's work.
        case locked
        /// Jarvis itself and its database: a person may have it started or restarted, nothing else.
        case own
        /// Holds data that others live on: every change asks a person.
        case stateful
        /// What alerts and verification rest on: it may be started or restarted, not taken away.
        case watcher
        /// The way to the host (network, VPN, firewall): every change asks a person.
        case lifeline
        /// Carries others (a container engine): it may be started or reloaded, all else asks a person.
        case carrier
    }

    /// By kind of thing and exact name; units without their suffix, templates up to their `@`.
    package var levels: [Effect.Kind: [String: Level]] = [:]
    /// Containers and units one of whose words (between `-`, `_`, `.` and digits) is one of these, or ends in `db` or
    /// `sql`, are `stateful`.
    package var statefulWords: Set<String> = []

    /// Nothing is protected.
    package init() {}

    /// The level of a thing; nil: not protected.
    ///
    /// Names are compared without regard to capitals. What compose, Swarm or systemd make of a name (`jarvis-web-1`,
    /// `jarvis.1.x7`, `container-jarvis.service`, `compose@jarvis`) is protected like what it stands for.
    func level(_ kind: Effect.Kind, _ name: String) -> Level? {
        var kinds = [kind]
        var names: [String]
        switch kind {
        case .unit:
            if let level = entry(.unit, Self.unitName(name)) { return level }
            names = Self.unitRelatives(name)
            kinds.append(.container)
        case .stack:
            names = Self.containerRelatives(name)
            kinds.append(.container)
        case .workload:
            // `deploy/web` is protected like the container of that name.
            names = [name.split(separator: "/").last.map(String.init) ?? name]
            kinds.append(.container)
        case .container: names = Self.containerRelatives(name)
        case .volume, .network:
            names = [name]
            kinds.append(.container)
        default: return levels[kind]?[name]
        }
        for name in names { for kind in kinds { if let level = entry(kind, name) { return level } } }
        let words = name.lowercased().split { !$0.isLetter || !$0.isASCII }.map(String.init)
        if words.contains(where: { levels[.container]?[$0] == .own }) { return .own }
        return words.contains(where: isStateful) ? .stateful : nil
    }

    /// Protects one more thing as Jarvis' own; false where it is already, or more strictly.
    mutating func protectOwn(_ kind: Effect.Kind, _ name: String) -> Bool {
        if let level = level(kind, name), level == .own || level == .locked { return false }
        levels[kind, default: [:]][name] = .own
        return true
    }

    private func entry(_ kind: Effect.Kind, _ name: String) -> Level? {
        levels[kind]?[name] ?? levels[kind]?[name.lowercased()]
    }

    /// `mariadb` and `nextclouddb` are databases as their names say, even if nobody listed them.
    private func isStateful(_ word: String) -> Bool {
        statefulWords.contains(word) || word.hasSuffix("db") || word.hasSuffix("sql")
    }

    /// `PROJECT-SERVICE-1` and `SERVICE.1.ID` as compose and Swarm name containers: also every project and service
    /// that it may stand for.
    private static func containerRelatives(_ name: String) -> [String] {
        let dots = name.split(separator: ".", omittingEmptySubsequences: false)
        if dots.count >= 2, isNumber(dots[1]) { return [name, String(dots[0])] }
        let isSeparator = { (character: Character) in character == "-" || character == "_" }
        guard let end = name.lastIndex(where: isSeparator), isNumber(name[name.index(after: end)...]) else {
            return [name]
        }
        let stem = name[..<end]
        var relatives = [name, String(stem)]
        for index in stem.indices where isSeparator(stem[index]) {
            relatives += [String(stem[..<index]), String(stem[stem.index(after: index)...])]
        }
        return relatives
    }

    /// What a unit's name says it runs: its instance, the container behind `container-`, the application of a snap.
    private static func unitRelatives(_ name: String) -> [String] {
        let whole = withoutSuffix(name)
        var relatives: [String] = []
        if let sign = whole.firstIndex(of: "@") { relatives.append(String(whole[whole.index(after: sign)...])) }
        for prefix in ["container-", "docker-", "podman-", "pod-", "compose-", "docker-compose-"] {
            if let rest = String(whole).after(prefix) { relatives += containerRelatives(rest) }
        }
        let parts = whole.split(separator: ".")
        if parts.count == 3, parts[0] == "snap" { relatives += parts.dropFirst().map(String.init) }
        return relatives
    }

    private static func isNumber(_ text: Substring) -> Bool {
        (1...9).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// What becomes of a change of this class to this thing; nil: it is forbidden, with the reason.
    func judge(_ effect: Effect, _ commandClass: CommandClass) throws(Refusal) -> CommandClass {
        guard effect.isChange else { return commandClass }
        if effect.kind == .unit { try Self.checkUnit(effect) }
        guard let level = level(effect.kind, effect.name) else {
            // `net.eth0` is how OpenRC calls an interface.
            if effect.kind == .unit, ["systemd-", "net."].contains(where: { Self.unitName(effect.name).hasPrefix($0) })
            {
                return max(commandClass, .highRisk)
            }
            if effect.kind == .volume, effect.verb == .remove, Self.holdsData(effect.name) {
                throw Refusal("\(effect.target) holds data by its name")
            }
            return commandClass
        }
        let isGentle = effect.verb == .start || effect.verb == .restart || effect.verb == .reload
        switch level {
        case .locked: throw Refusal("\(effect.target) is protected: it may only be looked at")
        case .own:
            guard isGentle else { throw Refusal("\(effect.target) belongs to Jarvis: it may only be restarted") }
            return max(commandClass, .highRisk)
        case .stateful, .lifeline:
            guard effect.kind != .volume || effect.verb != .remove else {
                throw Refusal("\(effect.target) holds data that others live on")
            }
            return max(commandClass, .highRisk)
        case .watcher:
            guard isGentle else { throw Refusal("\(effect.target) is what verification rests on") }
            return commandClass
        case .carrier:
            return effect.verb == .start || effect.verb == .reload ? commandClass : max(commandClass, .highRisk)
        }
    }

    /// What becomes of a change to things in this place, such as the services of a project.
    ///
    /// A place with what verification rests on may be changed, not taken away.
    func judge(place effect: Effect, _ commandClass: CommandClass) throws(Refusal) -> CommandClass {
        if level(effect.kind, effect.name) == .watcher, [.change, .pull, .scale].contains(effect.verb) {
            return commandClass
        }
        return try judge(effect, commandClass)
    }

    private static func holdsData(_ name: String) -> Bool {
        let words = name.lowercased().split { !$0.isLetter || !$0.isASCII }
        return words.contains { word in
            ["data", "backup", "backups", "config"].contains { word.hasSuffix($0) } || word.hasPrefix("pg")
        }
    }

    /// `nginx` of `nginx.service`, `wg-quick` of `wg-quick@wg0.service`.
    static func unitName(_ name: String) -> String { String(withoutSuffix(name).prefix { $0 != "@" }) }

    private static func withoutSuffix(_ name: String) -> Substring {
        for suffix in [".service", ".socket", ".timer", ".path", ".mount", ".automount", ".target"]
        where name.hasSuffix(suffix) {
            return name.dropLast(suffix.count)
        }
        return name[...]
    }

    /// Units that stand for a state of the whole machine, or for what others run in, are never changed.
    private static func checkUnit(_ effect: Effect) throws(Refusal) {
        for suffix in [".target", ".slice", ".scope", ".device", ".swap"] where effect.name.hasSuffix(suffix) {
            throw Refusal("a unit that ends in \(suffix) may only be looked at")
        }
    }
}
