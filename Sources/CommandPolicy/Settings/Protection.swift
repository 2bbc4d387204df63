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
    /// Containers and units one of whose words (between `-`, `_`, `.` and digits) is one of these are `stateful`.
    package var statefulWords: Set<String> = []

    /// Nothing is protected.
    package init() {}

    /// The level of a thing; nil: not protected.
    func level(_ kind: Effect.Kind, _ name: String) -> Level? {
        var plain = name
        var kinds = [kind]
        switch kind {
        case .unit: plain = Self.unitName(name)
        case .stack: kinds.append(.container)
        case .workload:
            // `deploy/web` is protected like the container of that name.
            plain = name.split(separator: "/").last.map(String.init) ?? name
            kinds.append(.container)
        case .container: break
        default: return levels[kind]?[name]
        }
        for kind in kinds { if let level = levels[kind]?[plain] { return level } }
        let words = plain.lowercased().split { !$0.isLetter || !$0.isASCII }
        return words.contains { statefulWords.contains(String($0)) } ? .stateful : nil
    }

    /// What becomes of a change of this class to this thing; nil: it is forbidden, with the reason.
    func judge(_ effect: Effect, _ commandClass: CommandClass) throws(Refusal) -> CommandClass {
        guard effect.isChange else { return commandClass }
        if effect.kind == .unit { try Self.checkUnit(effect) }
        guard let level = level(effect.kind, effect.name) else {
            if effect.kind == .unit, Self.unitName(effect.name).hasPrefix("systemd-") {
                return max(commandClass, .highRisk)
            }
            return commandClass
        }
        let isGentle = effect.verb == .start || effect.verb == .restart || effect.verb == .reload
        switch level {
        case .locked: throw Refusal("\(effect.target) is protected: it may only be looked at")
        case .own:
            guard isGentle else { throw Refusal("\(effect.target) belongs to Jarvis: it may only be restarted") }
            return max(commandClass, .highRisk)
        case .stateful, .lifeline: return max(commandClass, .highRisk)
        case .watcher:
            guard isGentle else { throw Refusal("\(effect.target) is what verification rests on") }
            return commandClass
        case .carrier:
            return effect.verb == .start || effect.verb == .reload ? commandClass : max(commandClass, .highRisk)
        }
    }

    /// `nginx` of `nginx.service`, `wg-quick` of `wg-quick@wg0.service`.
    static func unitName(_ name: String) -> String {
        var plain = name[...]
        for suffix in [".service", ".socket", ".timer", ".path", ".mount", ".automount", ".target"] {
            if plain.hasSuffix(suffix) {
                plain = plain.dropLast(suffix.count)
                break
            }
        }
        return String(plain.prefix { $0 != "@" })
    }

    /// Units that stand for a state of the whole machine, or for what others run in, are never changed.
    private static func checkUnit(_ effect: Effect) throws(Refusal) {
        for suffix in [".target", ".slice", ".scope", ".device", ".swap"] where effect.name.hasSuffix(suffix) {
            throw Refusal("a unit that ends in \(suffix) may only be looked at")
        }
    }
}
