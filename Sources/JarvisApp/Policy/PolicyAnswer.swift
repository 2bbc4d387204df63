// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
package import JarvisCore

/// What the policy says about one text, for people and programs.
package struct PolicyAnswer: Sendable {
    /// What was understood; nil: refused.
    package let judged: JudgedText?
    /// Which forms were recognised, or why it is refused.
    package let reason: String
    /// Hosts on which every target it changes is declared; empty also without an inventory.
    package let allowedOn: [HostName]

    /// Judges a text.
    package init(_ text: String, policy: Policy, inventory: Inventory) {
        do throws(Refusal) {
            let judged = try policy.assess(text)
            self.init(judged, judged.reason, Self.hosts(judged, inventory))
        } catch {
            self.init(refused: error.reason)
        }
    }

    /// Says why a line could not even be read.
    package init(refused reason: String) { self.init(nil, reason, []) }

    private init(_ judged: JudgedText?, _ reason: String, _ allowedOn: [HostName]) {
        self.judged = judged
        self.reason = reason
        self.allowedOn = allowedOn
    }

    /// The class; `forbidden` when refused.
    package var commandClass: CommandClass { judged?.commandClass ?? .forbidden }

    private static func hosts(_ judged: JudgedText, _ inventory: Inventory) -> [HostName] {
        inventory.hosts.values.filter { host in
            judged.effects.allSatisfy { effect in
                guard effect.isChange, effect.kind == .container || effect.kind == .unit else { return true }
                return host.targets.contains { $0.kind.rawValue == effect.kind.rawValue && $0.name == effect.name }
            }
        }
        .map(\.name).sorted()
    }

    /// One line of JSON, appended to `output` with a line feed.
    package func writeJSON(to output: inout [UInt8]) {
        func text(_ value: String) { JSONText.append(value, to: &output) }
        func raw(_ value: StaticString) {
            output.append(contentsOf: UnsafeBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount))
        }
        raw(#"{"class":"#)
        text(commandClass.rawValue)
        raw(#","undo":"#)
        text((judged?.undo ?? .no).rawValue)
        raw(#","destroys":"#)
        if judged?.destroys == true { raw("true") } else { raw("false") }
        raw(#","effects":["#)
        for (index, effect) in (judged?.effects ?? []).enumerated() {
            if index > 0 { raw(",") }
            raw(#"{"verb":"#)
            text(effect.verb.rawValue)
            raw(#","target":"#)
            text(effect.target)
            raw("}")
        }
        raw(#"],"canonical":"#)
        if let judged { text(judged.canonical) } else { raw("null") }
        raw(#","reason":"#)
        text(reason)
        raw(#","allowed_on":["#)
        for (index, host) in allowedOn.enumerated() {
            if index > 0 { raw(",") }
            text(host.text)
        }
        raw("]}\n")
    }

    /// Lines for a person.
    package var lines: [String] {
        guard let judged else { return ["class      forbidden", "reason     \(reason)"] }
        var lines = [
            "class      \(judged.commandClass.rawValue)",
            "undo       \(judged.undo.rawValue)\(judged.destroys ? ", destroys data or evidence" : "")",
            "effects    \(judged.effects.map(\.description).joined(separator: ", "))",
        ]
        for (index, step) in judged.steps.enumerated() {
            lines.append(index == 0 ? "runs       \(step.canonical)" : "then       \(step.canonical)")
        }
        lines.append("understood \(reason)")
        if !allowedOn.isEmpty {
            lines.append("declared   on \(allowedOn.map(\.text).joined(separator: ", "))")
        }
        return lines
    }
}
