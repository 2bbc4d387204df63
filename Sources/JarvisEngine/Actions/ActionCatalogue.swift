// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
package import JarvisCore

/// Every typed action, and what it is in terms of judged steps.
package enum ActionCatalogue {
    /// Why an action can't be carried out.
    package struct Refusal: Error, Equatable {
        /// What is wrong, and what to do about it.
        package let reason: String

        /// Refuses for this reason.
        package init(reason: String) { self.reason = reason }
    }

    /// What is stated about each action, in the order of their names' declaration.
    package static let specifications: [ActionSpecification] =
        ActionSpecification.containers + ActionSpecification.units + ActionSpecification.services
        + ActionSpecification.compose + ActionSpecification.hosts

    private static let byName = Dictionary(
        specifications.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

    /// What is stated about an action; nil for a command, which states nothing.
    package static func specification(of name: Action.Name) -> ActionSpecification? { byName[name] }

    /// Judges an action against the inventory and the policy; done at planning and again right before the intent.
    ///
    /// Throws when the target is not declared, its name or a parameter is not one that is understood, the host does not
    /// allow it with these parameters, or the policy refuses what would be done or takes it for something else.
    package static func judge(_ action: Action, in inventory: Inventory, under policy: Policy) throws(Refusal)
        -> JudgedStep
    {
        guard let host = inventory.hosts[action.target.host] else {
            throw Refusal(reason: "host \(action.target.host) is not in the inventory")
        }
        guard let specification = specification(of: action.name) else {
            throw Refusal(reason: "a command needs its text")
        }
        guard let declaration = inventory.declaration(of: action.target) else {
            guard action.target.kind != .host else { throw notListed(action) }
            throw Refusal(reason: "\(action.target) is not listed in the inventory, so it may not be touched")
        }
        guard action.target.kind == specification.targetKind else {
            throw Refusal(reason: "\(action.name.rawValue) does not apply to a \(action.target.kind.rawValue)")
        }
        try specification.check(action.parameters)
        if action.target.kind == .host { try check(action, isAllowedBy: declaration) }
        switch specification.operation {
        case .service(let operation): return .service(ServiceStep(operation, try service(of: declaration)))
        case .command(let words):
            return .command(try judge(words, of: action, on: host, declaration, specification, policy))
        }
    }

    private static func notListed(_ action: Action) -> Refusal {
        Refusal(
            reason: "\(action.name.rawValue) is not among the actions of \(action.target); add it there to allow it")
    }

    private static func check(_ action: Action, isAllowedBy declaration: DeclaredTarget) throws(Refusal) {
        let allowed = declaration.actions.filter { $0.name == action.name }
        guard !allowed.isEmpty else { throw notListed(action) }
        guard allowed.contains(HostAction(action.name, action.parameters)) else {
            let texts = allowed.map { Action($0.name, on: action.target, $0.parameters).description }
            throw Refusal(
                reason: "\(action) is not what \(action.target) allows: \(texts.joined(separator: " or "))")
        }
    }

    private static func judge(
        _ template: [ActionWord], of action: Action, on host: Host, _ declaration: DeclaredTarget,
        _ specification: ActionSpecification, _ policy: Policy
    ) throws(Refusal) -> JudgedCommand {
        let command: JudgedCommand
        do {
            let words = try template.flatMap { try $0.words(for: action, declaration) }
            command = try policy.judge(words: words, as: host.privilege(for: specification.privilegeKind))
            if let consequence = specification.consequence {
                let words = try consequence.flatMap { try $0.words(for: action, declaration) }
                guard try policy.judge(words: words).commandClass <= command.commandClass else {
                    throw Refusal(
                        reason:
                            "\(declaration.container ?? "its container") is protected, and \(action) would not show "
                            + "that; give the service that name, or declare the container instead")
                }
            }
        } catch let error as OperandError {
            throw Refusal(reason: error.description)
        } catch let refusal as CommandPolicy.Refusal {
            throw Refusal(reason: "the policy refuses \(action): \(refusal.reason)")
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            throw Refusal(reason: "the action could not be judged")
        }
        // The operator's own tables may have added forms: what is not what is stated here is not this action.
        guard command.effects.count == 1, let effect = command.effects.first, effect.verb == specification.effect.verb,
            effect.kind == specification.effect.kind
        else { throw Refusal(reason: "the policy takes \(action) for something else") }
        return command
    }

    private static func service(of declaration: DeclaredTarget) throws(Refusal) -> DeclaredService {
        guard let service = declaration.service else { throw Refusal(reason: "the service has no argv declared") }
        return service
    }

    /// Seconds after which the host ends the action's command by itself.
    package static func deadlineSeconds(of name: Action.Name) -> Int { specification(of: name)?.deadlineSeconds ?? 120 }
}
