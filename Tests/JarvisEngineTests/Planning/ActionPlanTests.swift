// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore
import JarvisTestSupport
import Testing

@testable import JarvisEngine

/// Plans of the newer actions: of hosts, of compose projects, and of what is paused.
@Suite struct `A plan of typed actions` {
    private static func plan(
        _ elements: [PlanElement], _ kind: Target.Kind, name: String = "web", signals: [Signal],
        inventory: Inventory? = nil, confidence: Double = 1
    ) throws -> Planner.Result {
        let rules = EngineRules(
            inventory: try inventory ?? CatalogueLab.inventory(),
            patterns: [Homelab.pattern("p", "ContainerDown", kind, .plan(elements), confidence: confidence)],
            policy: try ShippedPolicy.get(), autonomy: AutonomyPolicy(fallback: .auto), digest: { $0 })
        return Planner.plan(for: Homelab.alert("ContainerDown", name).labels, signals: signals, rules: rules)
    }

    private static let metricsBad = [Homelab.signal(.metrics, .bad)]

    @Test func `that destroys evidence is a person's decision, whatever autonomy allows`() throws {
        guard case .plan(let plan, .approve) = try Self.plan([.action(.journalVacuum)], .host, signals: Self.metricsBad)
        else { throw CatalogueLab.Missing() }
        // The parameter that was left out is the host's.
        #expect(plan.steps.map(\.action) == [try CatalogueLab.action(.journalVacuum)])
        #expect(plan.commandClass == .bounded && plan.target == CatalogueLab.hostTarget)
        guard
            case .plan(_, .approve) = try Self.plan(
                [.command("journalctl --vacuum-time=30d")], .host, signals: Self.metricsBad),
            case .plan(_, .auto) = try Self.plan([.action(.aptClean)], .host, signals: Self.metricsBad),
            case .plan(let reboot, .approve) = try Self.plan([.action(.hostReboot)], .host, signals: Self.metricsBad)
        else { throw CatalogueLab.Missing() }
        #expect(reboot.commandClass == .highRisk)
    }

    @Test func `on a host that does not list the action tells a person what to add`() throws {
        let bare = Inventory([Host(name: .local, connection: .local, labels: ["instance": ["nexus:9100"]])])
        let result = try Self.plan([.action(.journalVacuum)], .host, signals: Self.metricsBad, inventory: bare)
        #expect(
            result
                == .escalate(
                    reason: "journal.vacuum is not among the actions of host local; add it there to allow it"))
    }

    @Test func `is not called for while the expression is good`() throws {
        let result = try Self.plan([.action(.journalVacuum)], .host, signals: [Homelab.signal(.metrics, .good)])
        guard case .notCalledFor = result else {
            Issue.record("\(result)")
            return
        }
    }

    /// A service may be named by its target or by its container, and by nothing else.
    @Test func `finds a compose service by its own name and by its container's`() throws {
        let down = [Homelab.signal(.target, .badForGood)]
        for name in ["web/app", "web-app-1"] {
            let result = try Self.plan([.action(.composeRestart)], .compose, name: name, signals: down)
            guard case .plan(let plan, .auto) = result else { throw CatalogueLab.Missing() }
            #expect(plan.target == CatalogueLab.app)
        }
        for name in ["app", "web", "web/other", "web-app-2"] {
            let result = try Self.plan([.action(.composeRestart)], .compose, name: name, signals: down)
            guard case .escalate(let reason) = result else { throw CatalogueLab.Missing() }
            #expect(reason.contains("is not listed in the inventory"))
        }
    }

    @Test func `takes the company of a service in the order of what depends on what`() throws {
        let down = [Homelab.signal(.target, .badForGood)]
        for (company, name, order) in [
            (PlanElement.Company.alone, "web/app", ["web/app"]),
            (.dependencies, "web/app", ["web/proxy", "web/cache", "web/app"]),
            (.dependents, "web/proxy", ["web/proxy", "web/cache", "web/app", "web/worker"]),
            (.dependents, "web/worker", ["web/worker"]),
        ] {
            let result = try Self.plan([.action(.composeUp, with: company)], .compose, name: name, signals: down)
            guard case .plan(let plan, _) = result else { throw CatalogueLab.Missing() }
            #expect(plan.steps.map(\.action.target.name) == order)
            #expect(plan.target.name == name && plan.commandClass == .disruptive)
        }
        // Only the target was looked at: for its company a person is asked.
        for (company, autonomy) in [(PlanElement.Company.alone, Autonomy.auto), (.dependents, .approve)] {
            let result = try Self.plan(
                [.action(.composeRestart, with: company)], .compose, name: "web/app", signals: down)
            guard case .plan(let plan, autonomy) = result else { throw CatalogueLab.Missing() }
            #expect(plan.commandClass == .bounded)
        }
    }

    @Test func `lets a container go on only where it was seen paused, and the run after it counts as another`() throws {
        let paused = TargetProbeTests.read(Homelab.web, TargetProbeTests.docker("paused"))
        let running = TargetProbeTests.read(Homelab.web, TargetProbeTests.docker("running"))
        #expect(ActionCatalogue.isCalledFor(.containerUnpause, by: [paused]))
        #expect(!ActionCatalogue.isCalledFor(.containerUnpause, by: [running]))
        let restarting = TargetProbeTests.read(Homelab.web, TargetProbeTests.docker("restarting"))
        #expect(!ActionCatalogue.isCalledFor(.containerUnpause, by: [restarting]))
        #expect(paused.instance != nil && paused.instance != running.instance)
    }

    @Test func `for the service that Jarvis itself runs in is handed to a person, or refused`() throws {
        let id = String(repeating: "0123456789abcdef", count: 4)
        let output = "{\"id\":\"\(id)\",\(TargetProbeTests.docker("running").dropFirst())"
        let rules = EngineRules(
            inventory: try CatalogueLab.inventory(), patterns: [], policy: try ShippedPolicy.get(), ownContainers: [id],
            digest: { $0 })
        let seen = TargetProbeTests.read(CatalogueLab.app, output)
        let aware = try #require(rules.recognisingItself(in: CatalogueLab.app, by: [seen]))
        let restart = try ActionCatalogue.judge(
            try CatalogueLab.action(.composeRestart), in: aware.inventory, under: aware.policy)
        #expect(restart.commandClass == .highRisk)
        #expect(throws: ActionCatalogue.Refusal.self) {
            try ActionCatalogue.judge(try CatalogueLab.action(.composeUp), in: aware.inventory, under: aware.policy)
        }
    }
}
