// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore
import JarvisEngine
import JarvisTestSupport
import Testing

/// Plans for the container that Jarvis itself runs in, whatever its name.
@Suite struct OwnContainerTests {
    static let id = String(repeating: "0123456789abcdef", count: 4)
    static let fact = "Jarvis itself runs in \(Homelab.web)"

    private func rules(_ elements: [PlanElement], own: Set<String> = [id], policy: String = "") throws -> EngineRules {
        EngineRules(
            inventory: try Homelab.inventory(),
            patterns: [Homelab.pattern("p", "ContainerDown", .container, .plan(elements), confidence: 1)],
            policy: try ShippedPolicy.get().reading(policy, name: "test"), autonomy: AutonomyPolicy(fallback: .auto),
            ownContainers: own, digest: { $0 })
    }

    private func signals(_ id: String?, of target: Target = Homelab.web) -> [Signal] {
        let identity = id.map { "\"id\":\"\($0)\"," } ?? ""
        let output = "{\(identity)\(TargetProbeTests.docker("exited", pid: 0).dropFirst())"
        return [TargetProbeTests.read(target, output)]
    }

    private func plan(_ rules: EngineRules, _ signals: [Signal]) -> Planner.Result {
        Planner.plan(for: Homelab.alert().labels, signals: signals, rules: rules)
    }

    @Test func `the probe tells which container it saw`() throws {
        #expect(signals(Self.id).first?.identity == Self.id)
        #expect(signals(nil).first?.reading == .badForGood)
        #expect(signals(nil).first?.identity == nil)
        let policy = try ShippedPolicy.get()
        let probe = try policy.inspectContainer(try ContainerName("web"), as: .root)
        #expect(probe.canonical.contains(#"{"id":{{json .ID}},"#))
    }

    @Test func `a plan that restarts it is handed to a person, who is told`() throws {
        for elements: [PlanElement] in [
            [.action(.containerRestart)], [.command("docker restart web")],
            [.command("docker start web")], [.action(.containerStart)],
        ] {
            let result = plan(try rules(elements), signals(Self.id))
            guard case .plan(let plan, .approve) = result else {
                Issue.record("\(elements): \(result)")
                continue
            }
            #expect(plan.commandClass == .highRisk)
            #expect(plan.reason.hasSuffix("; \(Self.fact)"))
        }
    }

    @Test func `what would stop it, or is made of a label that names it, is refused with the reason`() throws {
        for (text, wanted) in [
            ("docker stop web", "belongs to Jarvis"), ("docker restart {{ $labels.name }}", "which is protected"),
        ] {
            guard case .escalate(let reason) = plan(try rules([.command(text)]), signals(Self.id)) else {
                Issue.record("\(text)")
                continue
            }
            #expect(reason.contains(wanted) && reason.hasSuffix(Self.fact))
        }
    }

    @Test func `it is the same judgement as if the operator had protected it`() throws {
        let restart = [PlanElement.action(.containerRestart)]
        guard
            case .plan(let seen, let first) = plan(try rules(restart), signals(Self.id)),
            case .plan(let told, let second) = plan(
                try rules(restart, own: [], policy: "protect container web own"), signals(Self.id))
        else {
            Issue.record("no plan")
            return
        }
        #expect(seen.steps == told.steps && first == second)
        // What is protected more strictly stays so.
        guard case .escalate = plan(try rules(restart, policy: "protect container web locked"), signals(Self.id)) else {
            Issue.record("a locked container is restarted")
            return
        }
    }

    @Test func `other containers, and those that do not tell, are planned for as before`() throws {
        let restart = [PlanElement.action(.containerRestart)]
        let other = String(Self.id.reversed())
        let elsewhere = Target(host: Homelab.host, kind: .container, name: "elsewhere")
        for (own, seen) in [
            ([Self.id], signals(other)), ([Self.id], signals(nil)), ([], signals(Self.id)),
            ([Self.id], signals(Self.id, of: elsewhere)),
        ] {
            guard case .plan(let plan, .auto) = plan(try rules(restart, own: Set(own)), seen) else {
                Issue.record("\(own) \(seen)")
                continue
            }
            #expect(plan.commandClass == .bounded && !plan.reason.contains("itself"))
        }
    }

    @Test func `what the rule of an alert says about it is judged so, too`() throws {
        let rules = EngineRules(
            inventory: try Homelab.inventory(), patterns: [], policy: try ShippedPolicy.get(),
            autonomy: AutonomyPolicy(fallback: .auto), ownContainers: [Self.id], digest: { $0 })
        let result = Planner.plan(
            for: Homelab.alert().labels, signals: signals(Self.id),
            annotations: ["remediation_commands": "docker restart web"], rules: rules)
        guard case .plan(let plan, .approve) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(plan.commandClass == .highRisk && plan.reason.hasSuffix(Self.fact))
    }

    @Test func `right before it runs it is judged so again, or not run`() throws {
        let rules = try rules([.action(.containerRestart)])
        guard case .plan(let risky, _) = plan(rules, signals(Self.id)),
            case .plan(let plain, _) = plan(rules, signals(nil))
        else {
            Issue.record("no plan")
            return
        }
        let judged = try ActionCatalogue.judge(0, of: risky, signals: signals(Self.id), under: rules)
        #expect(judged.covered.step.commandClass == .highRisk)
        // What was not known then, or is not any more, is not what was agreed on.
        for (plan, seen) in [(plain, Self.id), (risky, nil)] {
            #expect(throws: ActionCatalogue.Refusal.self) {
                try ActionCatalogue.judge(0, of: plan, signals: signals(seen), under: rules)
            }
        }
    }
}
