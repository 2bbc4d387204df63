// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FoundationEssentials
import JarvisCore
import JarvisTestSupport
import Testing

@testable import JarvisEngine

@Suite struct RuleRemediationTests {
    static let bad = [Homelab.signal(.metrics, .bad)]

    private func plan(
        _ commands: String, host: String? = nil, labels: [String: String] = [:], signals: [Signal] = bad,
        autonomy: Autonomy = .auto
    ) throws -> Planner.Result {
        var all = ["alertname": "Strange", "instance": "nexus:9100"]
        all.merge(labels) { $1 }
        var annotations = ["remediation_commands": commands, "remediation_hint": "look at it"]
        annotations["remediation_host"] = host
        return Planner.plan(
            for: LabelSet(all), signals: signals, annotations: annotations,
            rules: try Homelab.rules(autonomy: autonomy, patterns: []))
    }

    private func steps(_ result: Planner.Result) -> [String]? {
        if case .plan(let plan, _) = result { plan.steps.map(\.canonical) } else { nil }
    }

    private func reason(_ result: Planner.Result) -> String {
        if case .escalate(let reason) = result { reason } else { "" }
    }

    @Test func `a rule's own command is a plan, and is recognised as the typed action it is`() throws {
        let result = try plan("docker restart {{ $labels.name }}", labels: ["name": "web"])
        guard case .plan(let plan, let autonomy) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(plan.target == Homelab.web)
        #expect(plan.steps.map(\.action) == [Action(.containerRestart, on: Homelab.web)])
        #expect(plan.steps.map(\.canonical) == ["'docker' 'restart' 'web'"])
        #expect(plan.pattern == "rule-annotation")
        #expect(autonomy == .auto)
        #expect(plan.reason.contains("look at it"))
    }

    @Test func `what is more than bounded asks a person whatever the owner allows`() throws {
        let rules = try Homelab.rules(patterns: [])
        let result = Planner.plan(
            for: LabelSet(["alertname": "Strange", "instance": "nexus:9100"]), signals: Self.bad,
            annotations: ["remediation_commands": "docker stop web"],
            rules: EngineRules(
                inventory: rules.inventory, patterns: [], policy: rules.policy,
                autonomy: AutonomyPolicy(rules: [.init(level: .auto, maximumClass: .disruptive)]), digest: { $0 }))
        guard case .plan(let plan, let autonomy) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(plan.commandClass > .bounded)
        #expect(autonomy == .approve)
    }

    @Test func `looking is allowed, and is never a repair`() throws {
        let result = try plan("docker ps -a | grep {{ $labels.name }}", labels: ["name": "web"], autonomy: .approve)
        guard case .plan(let plan, let autonomy) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(plan.commandClass == .observe)
        #expect(autonomy == .auto)
    }

    @Test(arguments: [
        "docker restart elsewhere", "docker restart jarvis", "rm -rf /", "docker restart web || reboot",
        "<error expanding template: x>", "docker {{ $labels.name }} web", "docker restart x{{ $labels.name }}",
        "docker restart web --{{ $labels.name }}", "{{ $labels.name }}", "docker restart {{ $labels.missing }}",
        "docker restart {{ $value }}", "systemctl restart ssh", "docker restart web; docker stop web",
    ])
    func `what is not understood, not declared or protected is told, not run`(_ commands: String) throws {
        let result = try plan(commands, labels: ["name": "stop"])
        #expect(steps(result) == nil, "\(commands)")
        #expect(!reason(result).isEmpty)
    }

    @Test func `the host is the annotation's, else the labels', and only one of the inventory`() throws {
        #expect(steps(try plan("docker restart web", host: "local")) != nil)
        #expect(steps(try plan("docker restart web", host: "{{ $labels.h }}", labels: ["h": "local"])) != nil)
        #expect(steps(try plan("docker restart web", host: "elsewhere")) == nil)
        #expect(steps(try plan("docker restart web", host: "lo{{ $labels.h }}", labels: ["h": "cal"])) == nil)
        #expect(steps(try plan("docker restart web", host: "{{ $labels.h }}", labels: ["h": "{{ $labels.h }}"])) == nil)
        #expect(steps(try plan("docker restart web", labels: ["instance": "10.0.0.1:9100"])) == nil)
    }

    @Test func `hostile labels never add a word, choose a command or reach a shell`() throws {
        let rows = try Injections.load()
        #expect(rows.count >= 37)
        let templates = [
            "docker restart {{ $labels.x }}", "docker logs --tail 50 {{ $labels.x }}",
            "systemctl restart {{ $labels.x }}",
            "ip -s link show {{ $labels.x }}", "docker {{ $labels.x }} web", "docker logs --tail={{ $labels.x }} web",
            "ping -c 3 {{ $labels.x }}", "smartctl -a {{ $labels.x }}", "df -h {{ $labels.x }}",
        ]
        let policy = try ShippedPolicy.get()
        for text in rows + [
            "--help", "-v", "web;reboot", "web reboot", "$(id)", "`id`", "'", "\"", "\\", "rm", "|", "&&",
        ] {
            for template in templates {
                let parsed = try CommandTemplate(template)
                guard let judged = try? parsed.judge({ _ in text }, by: policy) else { continue }
                // Accepted: then the value is one whole word of the same command, and nothing else changed.
                let words = try #require(judged.steps.first?.list.pipelines.first?.commands.first?.words)
                let model = template.split(separator: " ").map(String.init)
                #expect(judged.steps.count == 1 && judged.steps[0].list.isSimple)
                #expect(words.contains(text) || words.contains { $0.hasSuffix("=" + text) }, "\(template): \(text)")
                #expect(
                    words.first == model.first
                        && words.count == template.replacing("{{ $labels.x }}", with: "x").split(separator: " ").count)
                #expect(!text.contains(" ") && text.utf8.first != UInt8(ascii: "-"))
            }
        }
    }

    @Test func `a target known only from the plan is looked at before anything is changed`() throws {
        var life = IncidentLife(rules: try Homelab.rules(patterns: []), alert: Homelab.alert("Strange"), about: nil)
        let annotations = ["remediation_commands": "docker restart web"]
        try life.apply(.diagnosed(Observation(signals: Self.bad, annotations: annotations), TrackRecord()))
        #expect(life.incident.target == Homelab.web)
        #expect(life.incident.phase == .diagnosing)
        let down = Homelab.signal(.target, .badForGood, instance: "old")
        try life.apply(
            .diagnosed(Observation(signals: Self.bad + [down], annotations: annotations), TrackRecord()))
        #expect(life.incident.phase == .acting(step: 0, intent: nil))
    }
}
