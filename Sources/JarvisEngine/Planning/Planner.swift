// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
package import JarvisCore

/// Turns a recognised problem into a plan.
package enum Planner {
    /// What was found.
    package enum Result: Sendable, Equatable {
        /// This can be done, at this level of autonomy.
        case plan(Plan, Autonomy)
        /// There is nothing safe to do: tell a person.
        case escalate(reason: String)
        /// The plan is not called for by what was measured: look again instead.
        case notCalledFor(reason: String)
    }

    /// Plans for an alert with these labels, given what was measured.
    ///
    /// A pattern goes first; where none knows the alert, what its rule says (`RuleRemediation`).
    package static func plan(
        for labels: LabelSet, signals: [Signal], annotations: [String: String] = [:], rules: EngineRules,
        decisions: [AutonomyPolicy.Rule] = []
    ) -> Result {
        let rules = rules.under(decisions)
        guard let pattern = rules.patterns.first(where: { $0.matcher.matches(labels) }) else {
            guard let remediation = RuleRemediation(annotations) else {
                return .escalate(reason: "no pattern knows this alert")
            }
            return plan(remediation, labels, signals, rules)
        }
        let target: Target
        do {
            target = try TargetResolution.target(of: labels, under: pattern, in: rules.inventory)
        } catch {
            return .escalate(reason: error.reason)
        }
        switch pattern.response {
        case .escalate(let advice): return .escalate(reason: advice)
        case .plan(let elements):
            do throws(ActionCatalogue.Refusal) {
                return try plan(elements, pattern, target, labels, signals, rules)
            } catch {
                // What the rule's own author wrote is not lost to a pattern that has no use here.
                let reason = "pattern \(pattern.id) does not apply: \(error.reason)"
                guard let remediation = RuleRemediation(annotations) else { return .escalate(reason: error.reason) }
                return plan(remediation, labels, signals, rules).adding(reason)
            }
        }
    }

    private static func plan(
        _ remediation: RuleRemediation, _ labels: LabelSet, _ signals: [Signal], _ rules: EngineRules
    ) -> Result {
        let hint = remediation.hint.map { "; the rule's hint: \($0.display(limit: 300))" } ?? ""
        let host: Host
        do {
            host = try remediation.host(for: labels, in: rules.inventory)
        } catch {
            return .escalate(reason: error.reason + hint)
        }
        let place = Target(host: host.name, kind: .host, name: host.name.text)
        let steps: [Plan.Step]
        do {
            steps = try self.steps(.command(remediation.commands), place, labels, rules)
        } catch {
            return .escalate(reason: "what the rule says is not run: \(error.reason)" + hint)
        }
        let target = steps.first { $0.action.target.kind != .host }?.action.target ?? place
        if let aware = rules.recognisingItself(in: target, by: signals) {
            return plan(remediation, labels, signals, aware).adding("Jarvis itself runs in \(target)")
        }
        if let state = signals.first(where: { $0.kind == .target }), state.reading == .unknown {
            return .escalate(reason: "\(target) can't be seen: \(state.detail.display())" + hint)
        }
        guard steps.contains(where: { ActionCatalogue.isCalledFor($0.action.name, by: signals) }) else {
            return .notCalledFor(reason: "what the rule says is not called for: \(describe(signals))")
        }
        return gate(
            Plan(
                pattern: RuleRemediation.pattern, target: target, endpoint: host.endpointText,
                steps: covered(steps, signals, rules),
                policyDigest: rules.policyDigest, reason: "the alert rule says so: \(describe(signals))" + hint,
                confidence: RuleRemediation.confidence),
            rules)
    }

    private static func plan(
        _ elements: [PlanElement], _ pattern: Pattern, _ target: Target, _ labels: LabelSet, _ signals: [Signal],
        _ rules: EngineRules
    ) throws(ActionCatalogue.Refusal) -> Result {
        if let aware = rules.recognisingItself(in: target, by: signals) {
            let fact = "Jarvis itself runs in \(target)"
            do throws(ActionCatalogue.Refusal) {
                return try plan(elements, pattern, target, labels, signals, aware).adding(fact)
            } catch {
                throw ActionCatalogue.Refusal(reason: "\(error.reason); \(fact)")
            }
        }
        if let state = signals.first(where: { $0.kind == .target }), state.reading == .unknown {
            return .escalate(reason: "\(target) can't be seen: \(state.detail.display())")
        }
        var steps: [Plan.Step] = []
        for element in elements { steps += try self.steps(element, target, labels, rules) }
        guard steps.contains(where: { ActionCatalogue.isCalledFor($0.action.name, by: signals) }) else {
            return .notCalledFor(reason: "\(pattern.id) is not called for: \(describe(signals))")
        }
        let plan = Plan(
            pattern: pattern.id, target: target, endpoint: rules.inventory.hosts[target.host]?.endpointText ?? "",
            steps: covered(steps, signals, rules), policyDigest: rules.policyDigest,
            reason: "\(pattern.title): \(describe(signals))",
            confidence: pattern.confidence)
        return gate(plan, rules)
    }

    /// The steps of one element: one, or as many as its list has changes.
    private static func steps(
        _ element: PlanElement, _ target: Target, _ labels: LabelSet, _ rules: EngineRules
    ) throws(ActionCatalogue.Refusal) -> [Plan.Step] {
        switch element {
        case .action(let name, let parameters, let company):
            var steps: [Plan.Step] = []
            for action in ActionCatalogue.actions(name, parameters, with: company, on: target, in: rules.inventory) {
                let step = try ActionCatalogue.judge(action, in: rules.inventory, under: rules.policy)
                steps.append(
                    Plan.Step(
                        action: action, canonical: step.canonical, commandClass: step.commandClass,
                        undo: Restoration.planned(for: action, in: rules.inventory, under: rules.policy)))
            }
            return steps
        case .command(let template):
            let judged: JudgedText
            do throws(Refusal) {
                judged = try CommandTemplate(template).judge({ labels.values[$0] }, by: rules.policy)
            } catch {
                throw ActionCatalogue.Refusal(reason: "the command of the plan is refused: \(error.reason)")
            }
            var steps: [Plan.Step] = []
            for command in judged.steps {
                let found = try CommandRecogniser.recognise(
                    command.canonical, for: target, in: rules.inventory, under: rules.policy)
                steps.append(
                    Plan.Step(
                        action: found.action, command: command.canonical, canonical: found.step.canonical,
                        commandClass: found.step.commandClass,
                        undo: Restoration.planned(for: found.action, in: rules.inventory, under: rules.policy)))
            }
            return steps
        }
    }

    /// A plan of one step under a timed revert, where its host can hold one.
    ///
    /// What an earlier step did to the link is not known, so longer plans keep their classes.
    private static func covered(_ steps: [Plan.Step], _ signals: [Signal], _ rules: EngineRules) -> [Plan.Step] {
        guard steps.count == 1, let step = steps.first, let host = rules.inventory.hosts[step.action.target.host],
            let judged = try? ActionCatalogue.judge(step, in: rules.inventory, under: rules.policy)
        else { return steps }
        let covered = CommitConfirmation.cover(judged, of: step.action, on: host, signals: signals, rules.policy)
        return [
            Plan.Step(
                action: step.action, command: step.command, canonical: covered.step.canonical,
                commandClass: covered.step.commandClass, revert: covered.revert?.canonical, undo: step.undo)
        ]
    }

    /// The lower of the two gates: how sure the pattern is, and what the owner allows (SPEC section 6).
    private static func gate(_ plan: Plan, _ rules: EngineRules) -> Result {
        guard (0...1).contains(plan.confidence) else {
            return .escalate(reason: "the pattern's confidence is not a number from 0 to 1")
        }
        guard plan.confidence >= 0.30 else {
            return .escalate(reason: "the pattern is only \(percent(plan.confidence)) sure")
        }
        return .plan(plan, level(of: plan.commandClass, for: plan, under: rules))
    }

    /// What may happen without a person of this class, for a plan; the confidence is at least 0.30.
    static func level(of commandClass: CommandClass, for plan: Plan, under rules: EngineRules) -> Autonomy {
        // Looking is always allowed once the pattern is as sure as that.
        if commandClass == .observe { return .auto }
        let level = rules.autonomy.level(for: plan, class: commandClass)
        // What is destroyed can't be had back, and may be the evidence; what belongs to the target was not looked at, and
        // Jarvis itself may run in it. Bounded or not, a person says yes to it.
        let allowed = level == .auto && (hasCompany(plan) || destroys(plan, rules)) ? .approve : level
        return switch plan.confidence {
        case ..<0.50: .observe
        case ..<0.70: min(allowed, .approve)
        case ..<0.90: commandClass <= .bounded ? allowed : min(allowed, .approve)
        default: allowed
        }
    }

    private static func hasCompany(_ plan: Plan) -> Bool {
        plan.steps.contains { $0.action.target.kind == .compose && $0.action.target != plan.target }
    }

    private static func destroys(_ plan: Plan, _ rules: EngineRules) -> Bool {
        plan.steps.contains { step in
            guard let judged = try? ActionCatalogue.judge(step, in: rules.inventory, under: rules.policy) else {
                return true
            }
            return if case .command(let command) = judged { command.destroys } else { false }
        }
    }

    private static func percent(_ fraction: Double) -> String { "\(Int((fraction * 100).rounded())) %" }

    private static func describe(_ signals: [Signal]) -> String {
        signals.map { "\($0.kind.rawValue) \($0.reading.rawValue) (\($0.detail.display(limit: 120)))" }.joined(
            separator: ", ")
    }
}

private func min(_ left: Autonomy, _ right: Autonomy) -> Autonomy {
    let order: [Autonomy] = [.observe, .approve, .auto]
    return order.first { $0 == left || $0 == right } ?? .observe
}
