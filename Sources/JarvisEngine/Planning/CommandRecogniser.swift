// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
package import JarvisCore

/// Turns the text of a command into a judged step on a host, and recognises the typed action it is.
package enum CommandRecogniser {
    /// What a text is on a host.
    package struct Recognised: Sendable, Equatable {
        /// What would run.
        package let step: JudgedStep
        /// The action with the same effect, or `command`; its target is what the incident is about then.
        package let action: Action
    }

    /// Judges one command (no list of changes) for a target's host; done at planning and again before the intent.
    ///
    /// What it changes must be declared in the inventory. Where the host needs root for that kind of target, `sudo -n`
    /// is put in front, as for a typed action.
    package static func recognise(
        _ text: String, for target: Target, in inventory: Inventory, under policy: Policy
    ) throws(ActionCatalogue.Refusal) -> Recognised {
        guard let host = inventory.hosts[target.host] else {
            throw ActionCatalogue.Refusal(reason: "host \(target.host) is not in the inventory")
        }
        do throws(Refusal) {
            let judged = try policy.assess(text)
            guard judged.steps.count == 1 else { throw Refusal("a list of changes is several steps") }
            let command = try asRoot(judged.steps[0], on: host, policy)
            if let action = try action(of: command, on: host) {
                return Recognised(step: .command(command), action: action)
            }
            if let whole = whole(command, on: host, in: inventory, under: policy) { return whole }
            // Its effect names a service and neither project nor container, so what it touches can't be held to what is
            // declared and protected but by the action's own words.
            if let effect = command.effects.first(where: { $0.isChange && $0.kind == .stack }) {
                throw Refusal(
                    "compose service \(effect.name) is changed only by the words of an action on a declared one: see "
                        + "jarvis actions list")
            }
            return Recognised(step: .command(command), action: Action(.command, on: target))
        } catch {
            throw ActionCatalogue.Refusal(
                reason: "the policy refuses '\(UntrustedText(text).display(limit: 120))': \(error.reason)")
        }
    }

    /// The typed action with the same effect, on a declared container or unit; nil: there is none.
    ///
    /// Throws when it changes a container or unit that is not declared.
    private static func action(of command: JudgedCommand, on host: Host) throws(Refusal) -> Action? {
        var action: Action?
        for effect in command.effects where effect.isChange {
            guard let (kind, name) = target(of: effect) else { continue }
            guard host.targets.contains(where: { $0.kind == kind && $0.name == name }) else {
                throw Refusal("\(kind.rawValue) \(name) is not listed for host \(host.name), so it may not be touched")
            }
            let known = ActionCatalogue.specifications.first {
                $0.targetKind == kind && $0.effect == (effect.verb, effect.kind)
            }
            if command.effects.count == 1, let known {
                action = Action(known.name, on: Target(host: host.name, kind: kind, name: name))
            }
        }
        return action
    }

    private static func target(of effect: Effect) -> (Target.Kind, String)? {
        switch effect.kind {
        case .container: (.container, effect.name)
        case .unit: (.unit, (try? UnitName(effect.name)) == nil ? "\(effect.name).service" : effect.name)
        default: nil
        }
    }

    /// The typed action on a compose service or the host that this command is word for word; nil: there is none.
    ///
    /// Its effect alone would not do: it names neither the project nor the file, nor how much is kept. Without `sudo`
    /// in front it runs as the typed action does; with it only where that one does, too.
    private static func whole(
        _ command: JudgedCommand, on host: Host, in inventory: Inventory, under policy: Policy
    ) -> Recognised? {
        guard command.effects.count == 1, command.effects[0].isChange, let words = words(of: command) else {
            return nil
        }
        let isRoot = words.first == "sudo"
        for declared in host.targets where declared.kind == .compose || declared.kind == .host {
            for action in ActionCatalogue.actions(on: declared, of: host.name) {
                guard case .command(let typed)? = try? ActionCatalogue.judge(action, in: inventory, under: policy),
                    let typedWords = self.words(of: typed)
                else { continue }
                if words == typedWords || (!isRoot && ["sudo", "-n"] + words == typedWords) {
                    return Recognised(step: .command(typed), action: action)
                }
            }
        }
        return nil
    }

    /// The words of a single command, the value of a long option as a word of its own.
    private static func words(of command: JudgedCommand) -> [String]? {
        guard command.list.isSimple else { return nil }
        return command.list.pipelines.first?.commands.first?.words.flatMap { word -> [String] in
            guard word.hasPrefix("--"), let sign = word.firstIndex(of: "=") else { return [word] }
            return [String(word[..<sign]), String(word[word.index(after: sign)...])]
        }
    }

    private static func asRoot(_ command: JudgedCommand, on host: Host, _ policy: Policy) throws(Refusal)
        -> JudgedCommand
    {
        guard command.list.isSimple, let words = command.list.pipelines.first?.commands.first?.words,
            words.first != "sudo", let effect = command.effects.first, let (kind, _) = target(of: effect),
            host.privilege(for: kind) == .root, kind == .container || effect.isChange
        else { return command }
        return try policy.judge(words: words, as: .root)
    }
}
