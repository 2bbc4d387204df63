// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
package import JarvisCore
import JarvisEngine
package import JarvisHosts

/// What Jarvis sends to a host on its own: typed actions on the declared targets, what takes them back, their probes, and
/// looks at their logs.
///
/// On a guarded host also the timed reverts of changes of the way to it.
///
/// It is asked of the engine itself, so what enrolment allows on a host is what will be sent. What the policy refuses
/// (a protected target) is not among it.
package enum TargetSteps {
    /// The commands, in the order of the targets.
    package static func commands(on host: Host, in inventory: Inventory, under policy: Policy) -> [JudgedCommand] {
        host.targets.flatMap { declared -> [JudgedCommand] in
            let target = Target(host: host.name, kind: declared.kind, name: declared.name)
            let actions = Action.Name.allCases.filter { $0.targetKind == declared.kind && $0 != .command }
            let questions = Capture.questions(about: target, in: inventory, under: policy)
            let steps =
                [TargetProbe.step(for: target, in: inventory, under: policy)]
                + actions.flatMap { name -> [JudgedStep?] in
                    let action = Action(name, on: target)
                    guard let step = try? ActionCatalogue.judge(action, in: inventory, under: policy) else { return [] }
                    return [step, LastLines.step(before: action, in: inventory, under: policy)]
                }
            // Nothing is captured of what is never changed.
            let isChanged = steps.contains { $0.map { $0.commandClass > .observe } ?? false }
            let events = isChanged ? RestraintLook.events(of: target, on: host, policy).map(JudgedStep.command) : nil
            let all =
                steps + [declared.kind == .container ? events : nil]
                + (isChanged ? questions?.details.map(\.step) ?? [] : [])
                + Restoration.steps(on: target, in: inventory, under: policy)
            var commands: [JudgedCommand] = []
            for case .command(let command)? in all where !commands.contains(command) { commands.append(command) }
            return commands + (host.isGuarded ? reverts(of: commands, under: policy) : [])
        }
    }

    /// What a host may do by itself after one of these commands.
    static func reverts(of commands: [JudgedCommand], under policy: Policy) -> [JudgedCommand] {
        var reverts: [JudgedCommand] = []
        for command in commands {
            for state in [LinkState.down, .up] {
                guard let revert = policy.commitConfirmed(command, link: state)?.revert,
                    !(commands + reverts).contains(where: { $0.canonical == revert.canonical })
                else { continue }
                reverts.append(revert)
            }
        }
        return reverts
    }

    /// Those of them that run as root, as sudo is told of them; throws when a sudoers file can't say one exactly.
    package static func rootRules(
        on host: Host, in inventory: Inventory, under policy: Policy
    ) throws(HostSetupError) -> [SudoRule] {
        var rules: [SudoRule] = []
        for command in commands(on: host, in: inventory, under: policy) {
            guard let words = command.list.pipelines.first?.commands.first?.words, words.starts(with: ["sudo", "-n"])
            else { continue }
            let rule = try SudoRule(Array(words.dropFirst(2)))
            if !rules.contains(rule) { rules.append(rule) }
        }
        return rules
    }
}
