// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
package import JarvisCore

/// What each typed action is in terms of judged steps.
package enum ActionCatalogue {
    /// Why an action can't be carried out.
    package struct Refusal: Error, Equatable {
        /// What is wrong, and what to do about it.
        package let reason: String

        /// Refuses for this reason.
        package init(reason: String) { self.reason = reason }
    }

    /// Judges an action against the inventory and the policy; done at planning and again right before the intent.
    ///
    /// Throws when the target is not declared, its name is not one the policy understands, or the policy refuses what
    /// would be done to it.
    package static func judge(_ action: Action, in inventory: Inventory, under policy: Policy) throws(Refusal)
        -> JudgedStep
    {
        guard let host = inventory.hosts[action.target.host] else {
            throw Refusal(reason: "host \(action.target.host) is not in the inventory")
        }
        guard let declaration = inventory.declaration(of: action.target) else {
            throw Refusal(reason: "\(action.target) is not listed in the inventory, so it may not be touched")
        }
        guard action.target.kind == action.name.targetKind else {
            throw Refusal(reason: "\(action.name.rawValue) does not apply to a \(action.target.kind.rawValue)")
        }
        do {
            return try judge(action, on: host, declaration, policy)
        } catch let error as OperandError {
            throw Refusal(reason: error.description)
        } catch let refusal as CommandPolicy.Refusal {
            throw Refusal(reason: "the policy refuses \(action): \(refusal.reason)")
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            throw Refusal(reason: "the action could not be judged")
        }
    }

    /// Judges a step of a plan again: its text where it has one, else its action.
    package static func judge(_ step: Plan.Step, in inventory: Inventory, under policy: Policy) throws(Refusal)
        -> JudgedStep
    {
        guard let text = step.command else { return try judge(step.action, in: inventory, under: policy) }
        let found = try CommandRecogniser.recognise(text, for: step.action.target, in: inventory, under: policy)
        guard found.action == step.action else { throw Refusal(reason: "the command is recognised otherwise now") }
        return found.step
    }

    /// Judges the step of a plan that is about to run, given what was measured last; it must be what was planned.
    package static func judge(
        _ index: Int, of plan: Plan, signals: [Signal], under rules: EngineRules
    ) throws(Refusal) -> (covered: CommitConfirmation.Covered, host: Host) {
        let planned = plan.steps[index]
        guard let host = rules.inventory.hosts[planned.action.target.host], host.endpointText == plan.endpoint,
            plan.policyDigest ?? "" == rules.policyDigest
        else {
            throw Refusal(
                reason: "the policy has changed since the plan was made, or its host is reached elsewhere")
        }
        let rules = rules.recognisingItself(in: plan.target, by: signals) ?? rules
        let step = try judge(planned, in: rules.inventory, under: rules.policy)
        let covered =
            plan.steps.count == 1
            ? CommitConfirmation.cover(step, of: planned.action, on: host, signals: signals, rules.policy)
            : CommitConfirmation.Covered(step: step, revert: nil)
        guard covered.revert?.canonical == planned.revert else {
            throw Refusal(
                reason:
                    "the link's state has changed since the plan was made, and with it what would take the step back")
        }
        guard covered.step.canonical == planned.canonical, covered.step.commandClass == planned.commandClass else {
            throw Refusal(reason: "the step is judged otherwise now than when the plan was made")
        }
        return (covered, host)
    }

    private static func judge(_ action: Action, on host: Host, _ declaration: DeclaredTarget, _ policy: Policy)
        throws -> JudgedStep
    {
        let privilege = host.privilege(for: action.target.kind)
        return switch action.name {
        case .containerStart:
            .command(try policy.startContainer(try ContainerName(action.target.name), as: privilege))
        case .containerRestart:
            .command(try policy.restartContainer(try ContainerName(action.target.name), as: privilege))
        case .unitStart: .command(try policy.startUnit(try UnitName(action.target.name), as: privilege))
        case .unitRestart: .command(try policy.restartUnit(try UnitName(action.target.name), as: privilege))
        case .serviceStart: .service(ServiceStep(.start, try service(of: declaration)))
        case .serviceRestart: .service(ServiceStep(.restart, try service(of: declaration)))
        case .command: throw Refusal(reason: "a command needs its text")
        }
    }

    private static func service(of declaration: DeclaredTarget) throws(Refusal) -> DeclaredService {
        guard let service = declaration.service else { throw Refusal(reason: "the service has no argv declared") }
        return service
    }

    /// Seconds after which the host ends the action's command by itself.
    package static func deadlineSeconds(of name: Action.Name) -> Int {
        switch name {
        // docker stops with 10 s of grace before it starts again.
        case .containerStart, .containerRestart: 60
        // systemd's DefaultTimeoutStartSec is 90 s.
        case .unitStart, .unitRestart: 95
        case .serviceStart, .serviceRestart: 30
        case .command: 120
        }
    }

    /// Whether an action makes sense, given what was measured before it.
    ///
    /// A start needs a target that is down. A restart needs something measured bad: the target itself, its service,
    /// or, where nothing says from outside that it serves, the alert's own expression.
    package static func isCalledFor(_ name: Action.Name, by signals: [Signal]) -> Bool {
        func reading(_ kind: Signal.Kind) -> Signal.Reading? { signals.first { $0.kind == kind }?.reading }
        let isBad: (Signal.Reading?) -> Bool = { $0 == .bad || $0 == .badForGood }
        switch name {
        case .containerStart, .unitStart, .serviceStart: return isBad(reading(.target))
        case .containerRestart, .unitRestart, .serviceRestart, .command:
            if isBad(reading(.target)) { return true }
            if isBad(reading(.service)) { return reading(.metrics) != .good }
            return reading(.service) != .good && isBad(reading(.metrics))
        }
    }
}
