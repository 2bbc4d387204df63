// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore
import Testing

@Suite struct AutonomyPolicyTests {
    typealias Rule = AutonomyPolicy.Rule
    static let web = Target(host: .local, kind: .container, name: "web")

    static func plan(_ commandClass: CommandClass, on target: Target = web, pattern: String = "p") -> Plan {
        let action = Action(.containerRestart, on: target)
        let quiet = Plan.Step(action: action, canonical: "c", commandClass: .observe)
        let step = Plan.Step(action: action, canonical: "c", commandClass: commandClass)
        return Plan(
            pattern: pattern, target: target, endpoint: "this machine", steps: [step, quiet], reason: "r", confidence: 1
        )
    }

    @Test func `on day one everything is asked about`() {
        for commandClass in CommandClass.allCases {
            #expect(AutonomyPolicy().level(for: Self.plan(commandClass)) == .approve)
        }
    }

    @Test func `the first rule that matches wins`() {
        let policy = AutonomyPolicy(rules: [
            Rule(level: .observe, pattern: "careful"), Rule(level: .auto), Rule(level: .observe),
        ])
        #expect(policy.level(for: Self.plan(.bounded)) == .auto)
        #expect(policy.level(for: Self.plan(.bounded, pattern: "careful")) == .observe)
    }

    @Test func `every field of a rule narrows it`() throws {
        let other = try #require(HostName("other"))
        let db = Target(host: .local, kind: .container, name: "db")
        let sameNameElsewhere = Target(host: other, kind: .container, name: "web")
        let sameNameUnit = Target(host: .local, kind: .unit, name: "web")
        let rules: [(Rule, Plan, Plan)] = [
            (Rule(level: .auto, host: .local), Self.plan(.bounded), Self.plan(.bounded, on: sameNameElsewhere)),
            (Rule(level: .auto, pattern: "p"), Self.plan(.bounded), Self.plan(.bounded, pattern: "p2")),
            (Rule(level: .auto, target: Self.web), Self.plan(.bounded), Self.plan(.bounded, on: db)),
            (Rule(level: .auto, target: Self.web), Self.plan(.bounded), Self.plan(.bounded, on: sameNameElsewhere)),
            (Rule(level: .auto, target: Self.web), Self.plan(.bounded), Self.plan(.bounded, on: sameNameUnit)),
            (Rule(level: .auto), Self.plan(.bounded), Self.plan(.disruptive)),
            (Rule(level: .auto, maximumClass: .disruptive), Self.plan(.disruptive), Self.plan(.highRisk)),
        ]
        for (rule, inside, outside) in rules {
            let policy = AutonomyPolicy(rules: [rule])
            #expect(policy.level(for: inside) == .auto)
            #expect(policy.level(for: outside) == .approve)
        }
    }

    @Test(arguments: [CommandClass.highRisk, .forbidden])
    func `high risk never happens by itself, whatever a rule says`(_ commandClass: CommandClass) {
        let open = AutonomyPolicy(rules: [Rule(level: .auto, maximumClass: .forbidden)], fallback: .auto)
        #expect(open.level(for: Self.plan(commandClass)) == .approve)
        #expect(AutonomyPolicy(fallback: .auto).level(for: Self.plan(commandClass)) == .approve)
        #expect(AutonomyPolicy(fallback: .observe).level(for: Self.plan(commandClass)) == .observe)
    }

    @Test func `a plan is as risky as its riskiest step`() {
        #expect(Self.plan(.disruptive).commandClass == .disruptive)
        #expect(
            Plan(pattern: "p", target: Self.web, endpoint: "this machine", steps: [], reason: "", confidence: 1)
                .commandClass == .observe)
    }
}
