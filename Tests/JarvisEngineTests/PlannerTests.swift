// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FoundationEssentials
import JarvisCore
import JarvisEngine
import JarvisTestSupport
import Testing

@Suite struct PlannerTests {
    /// What the two gates of SPEC section 6 let through, for a bounded plan.
    static let gates: [(confidence: Double, allowed: Autonomy, result: Autonomy?)] = [
        (0, .auto, nil), (0.29, .auto, nil), (0.30, .auto, .observe), (0.49, .auto, .observe),
        (0.49, .approve, .observe),
        (0.50, .auto, .approve), (0.69, .auto, .approve), (0.69, .observe, .observe), (0.70, .auto, .auto),
        (0.70, .approve, .approve), (0.70, .observe, .observe), (0.89, .auto, .auto), (0.90, .auto, .auto),
        (1, .auto, .auto), (1, .approve, .approve), (1, .observe, .observe),
        // A number that is none passes no gate.
        (.nan, .auto, nil), (.infinity, .auto, nil), (-.infinity, .auto, nil), (-1, .auto, nil), (1.01, .auto, nil),
    ]

    @Test(arguments: gates)
    func `what may happen is the lower of the two gates`(_ confidence: Double, _ allowed: Autonomy, _ result: Autonomy?)
        throws
    {
        let pattern = Homelab.pattern(
            "p", "ContainerDown", .container, .plan([.action(.containerStart)]), confidence: confidence)
        let rules = try Homelab.rules(autonomy: allowed, patterns: [pattern])
        switch Planner.plan(for: Homelab.alert().labels, signals: Homelab.down.signals, rules: rules) {
        case .plan(let plan, let autonomy):
            #expect(autonomy == result)
            #expect(plan.steps.map(\.canonical) == ["'docker' 'start' 'web'"])
            #expect(plan.target == Homelab.web)
        case .escalate: #expect(result == nil)
        case .notCalledFor(let reason): Issue.record("\(reason)")
        }
    }

    struct Need: CustomTestStringConvertible, Sendable {
        let action: Action.Name
        let target: Signal.Reading?
        let service: Signal.Reading?
        let metrics: Signal.Reading?
        let isCalledFor: Bool
        var testDescription: String { "\(action) \(String(describing: (target, service, metrics)))" }

        init(
            _ action: Action.Name, _ target: Signal.Reading?, _ service: Signal.Reading?, _ metrics: Signal.Reading?,
            _ isCalledFor: Bool
        ) {
            self.action = action
            self.target = target
            self.service = service
            self.metrics = metrics
            self.isCalledFor = isCalledFor
        }
    }

    static let needs: [Need] = [
        Need(.containerStart, .bad, .good, .good, true), Need(.containerStart, .badForGood, nil, nil, true),
        Need(.containerStart, .good, .bad, .bad, false), Need(.containerStart, nil, .bad, .bad, false),
        Need(.containerStart, .unknown, .bad, .bad, false), Need(.unitStart, .good, nil, .bad, false),
        Need(.serviceStart, .badForGood, nil, .unknown, true), Need(.containerRestart, .badForGood, .good, .good, true),
        Need(.containerRestart, .good, .bad, .unknown, true), Need(.containerRestart, .good, .good, .bad, false),
        Need(.containerRestart, .good, nil, .bad, true), Need(.containerRestart, .good, .unknown, .bad, true),
        Need(.unitRestart, .good, nil, .unknown, false), Need(.unitRestart, .good, nil, .good, false),
        Need(.serviceRestart, nil, nil, nil, false), Need(.serviceRestart, .unknown, nil, .unknown, false),
        Need(.unitReload, .good, .bad, .bad, true), Need(.unitReload, .good, .good, .bad, false),
        Need(.composeUp, .badForGood, nil, nil, true), Need(.composeRestart, .good, .good, .bad, false),
        Need(.journalVacuum, nil, nil, .bad, true), Need(.journalVacuum, nil, nil, .unknown, false),
        Need(.journalVacuum, nil, .bad, .good, false), Need(.hostReboot, nil, nil, .good, false),
        // Bad, but not said to be paused.
        Need(.containerUnpause, .bad, nil, .bad, false), Need(.command, .good, nil, .bad, true),
    ]

    @Test(arguments: needs)
    func `an action needs something that was measured bad`(_ need: Need) {
        let signals = [(Signal.Kind.target, need.target), (.service, need.service), (.metrics, need.metrics)]
            .compactMap { kind, reading in reading.map { Homelab.signal(kind, $0) } }
        #expect(ActionCatalogue.isCalledFor(need.action, by: signals) == need.isCalledFor)
    }

    @Test func `what can't be seen is not worked on`() throws {
        let signals = [Homelab.signal(.metrics, .bad), Homelab.signal(.target, .unknown)]
        let result = Planner.plan(for: Homelab.alert().labels, signals: signals, rules: try Homelab.rules())
        guard case .escalate(let reason) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(reason.contains("can't be seen"))
    }

    @Test func `a target that runs is looked at again instead of started`() throws {
        let signals = [Homelab.signal(.metrics, .bad), Homelab.signal(.target, .good)]
        let result = Planner.plan(for: Homelab.alert().labels, signals: signals, rules: try Homelab.rules())
        guard case .notCalledFor = result else {
            Issue.record("\(result)")
            return
        }
    }

    @Test func `an unknown alert and an advice go to a person`() throws {
        let rules = try Homelab.rules()
        #expect(
            Planner.plan(for: Homelab.alert("Nobody").labels, signals: [], rules: rules)
                == .escalate(reason: "no pattern knows this alert"))
        #expect(
            Planner.plan(for: Homelab.alert("DiskDying").labels, signals: [], rules: rules)
                == .escalate(reason: "replace the disk"))
    }

    @Test(arguments: Action.Name.typed)
    func `an action is refused on everything that is not declared for it`(_ name: Action.Name) throws {
        let inventory = try Homelab.inventory()
        let policy = try ShippedPolicy.get()
        let elsewhere = try #require(HostName("elsewhere"))
        for kind in Target.Kind.allCases {
            for host in [Homelab.host, elsewhere] {
                for targetName in ["web", "web.service", "canary", "bare", "web; reboot", "", "jarvis", "local"] {
                    let target = Target(host: host, kind: kind, name: targetName)
                    let fits =
                        [Homelab.web, Homelab.unit, Homelab.canary].contains(target)
                        && kind == ActionCatalogue.specification(of: name)?.targetKind
                    let step = try? ActionCatalogue.judge(Action(name, on: target), in: inventory, under: policy)
                    #expect((step != nil) == fits, "\(target)")
                    #expect(step == nil || step?.commandClass == .bounded)
                }
            }
        }
    }

    @Test func `root is asked for where the host says so, and only there`() throws {
        let inventory = try Homelab.inventory(rootKinds: [.unit])
        let policy = try ShippedPolicy.get()
        let unit = try ActionCatalogue.judge(Action(.unitRestart, on: Homelab.unit), in: inventory, under: policy)
        #expect(unit.canonical == "'sudo' '-n' 'systemctl' 'restart' 'web.service'")
        let container = try ActionCatalogue.judge(
            Action(.containerRestart, on: Homelab.web), in: inventory, under: policy)
        #expect(container.canonical == "'docker' 'restart' 'web'")
    }

    @Test func `the hash of a plan changes with everything that a person approves`() {
        func plan(_ name: Action.Name, _ target: Target, _ canonical: String, _ risk: CommandClass, _ pattern: String)
            -> Plan
        {
            let step = Plan.Step(action: Action(name, on: target), canonical: canonical, commandClass: risk)
            return Plan(
                pattern: pattern, target: target, endpoint: "this machine", steps: [step], reason: "r", confidence: 1)
        }
        let unit = Target(host: Homelab.host, kind: .unit, name: "web")
        let plans = [
            plan(.containerStart, Homelab.web, "c", .bounded, "p"),
            plan(.containerRestart, Homelab.web, "c", .bounded, "p"),
            plan(.containerStart, unit, "c", .bounded, "p"), plan(.containerStart, Homelab.web, "c,1:d", .bounded, "p"),
            plan(.containerStart, Homelab.web, "c", .disruptive, "p"),
            plan(.containerStart, Homelab.web, "c", .bounded, "q"),
            Plan(
                pattern: "p", target: Homelab.web, endpoint: "this machine",
                steps: [
                    .init(
                        action: Action(.containerStart, on: Homelab.web, [.size: "500M"]), canonical: "c",
                        commandClass: .bounded)
                ], reason: "r", confidence: 1),
            Plan(pattern: "p", target: Homelab.web, endpoint: "this machine", steps: [], reason: "r", confidence: 1),
            Plan(
                pattern: "p", target: Homelab.web, endpoint: "this machine", steps: [], policyDigest: "other",
                reason: "r",
                confidence: 1),
        ]
        #expect(Set(plans.map { $0.hash { $0 } }).count == plans.count)
    }
}
