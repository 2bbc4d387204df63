// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
package import JarvisCore

extension ActionCatalogue {
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

    /// Whether an action makes sense, given what was measured before it.
    ///
    /// A command counts like a restart: something must have been measured bad.
    package static func isCalledFor(_ name: Action.Name, by signals: [Signal]) -> Bool {
        func reading(_ kind: Signal.Kind) -> Signal.Reading? { signals.first { $0.kind == kind }?.reading }
        let isBad: (Signal.Reading?) -> Bool = { $0 == .bad || $0 == .badForGood }
        switch specification(of: name)?.precondition ?? .somethingBad {
        case .targetBad: return isBad(reading(.target))
        case .targetPaused:
            return signals.contains {
                $0.kind == .target && $0.reading == .bad && $0.detail.verbatim == ContainerState.paused
            }
        case .metricsBad: return isBad(reading(.metrics))
        case .somethingBad:
            if isBad(reading(.target)) { return true }
            if isBad(reading(.service)) { return reading(.metrics) != .good }
            return reading(.service) != .good && isBad(reading(.metrics))
        }
    }
}
