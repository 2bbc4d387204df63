// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisApp
import JarvisCore
import Testing

@Suite struct `Patterns` {
    private static let good = """
        patterns:
          - id: own
            title: Something of mine
            match: {alertname: Mine, labels: {severity: critical}}
            target: {kind: unit, name_from: unit, host_from: [instance]}
            plan: [unit.start, unit.restart]
            confidence: 0.6
            examples:
              match: [{alertname: Mine, severity: critical, unit: a.service, instance: x}]
              no_match: [{alertname: Mine, severity: warning}]

        """

    @Test func `shipped with Jarvis hold their own examples and cover the basics`() throws {
        let report = PatternLoader().shipped()
        #expect(report.faults.map(\.description) == [])
        let catalog = try #require(report.catalog)
        let known = Set(catalog.patterns.map(\.id))
        #expect(
            known.isSuperset(of: ["container-down", "container-unhealthy", "unit-failed", "service-down", "host-down"]))
        let down = try #require(catalog.patterns.first { $0.id == "container-down" })
        #expect(down.response == .plan([.action(.containerStart)]))
        #expect(down.confidence == 0.95)
        #expect(down.target.nameFrom == ["name", "container", "container_name"])
        #expect(down.target.hostFrom == ["remediation_host", "instance", "host"])
    }

    @Test func `shipped with Jarvis never compete for an alert`() throws {
        let catalog = try #require(PatternLoader().shipped().catalog)
        for pattern in catalog.patterns {
            for example in pattern.mustMatch {
                #expect(catalog.patterns.filter { $0.matcher.matches(example) }.map(\.id) == [pattern.id])
            }
        }
    }

    @Test func `shipped with Jarvis are the files in patterns`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let directory = "\(root.path)/patterns"
        let names = try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasSuffix(".yaml") }
        let texts = try names.sorted().map { name in
            let data = try #require(FileManager.default.contents(atPath: "\(directory)/\(name)"))
            return [name, String(decoding: data, as: UTF8.self)]
        }
        let embedded = PatternLoader.shippedFiles.map { [String($0.name.dropFirst("patterns/".count)), $0.text] }
        #expect(embedded == texts, "patterns/*.yaml have changed: run scripts/embed-patterns")
    }

    @Test func `have every field that a file gives them`() throws {
        let report = PatternLoader().read(Array(Self.good.utf8), name: "own.yaml")
        #expect(report.faults.map(\.description) == [])
        #expect(
            report.catalog?.patterns == [
                Pattern(
                    id: "own", title: "Something of mine",
                    matcher: .init(alertnames: ["Mine"], labels: ["severity": "critical"]),
                    target: .init(kind: .unit, nameFrom: ["unit"], hostFrom: ["instance"]),
                    response: .plan([.action(.unitStart), .action(.unitRestart)]), confidence: 0.6,
                    mustMatch: [
                        LabelSet(["alertname": "Mine", "severity": "critical", "unit": "a.service", "instance": "x"])
                    ],
                    mustNotMatch: [LabelSet(["alertname": "Mine", "severity": "warning"])])
            ])
    }

    @Test func `of the operator replace shipped ones by id and go before the others`() throws {
        let directory = try TemporaryDirectory()
        try directory.write(Self.good, to: "own.yaml")
        try directory.write(
            Self.good.replacing("id: own", with: "id: unit-failed"), to: "replaced.yml")
        try directory.write("not: [yaml", to: ".hidden.yaml")
        try directory.write("not: [yaml", to: "notes.txt")
        let report = PatternLoader().load(directory: directory.path)
        #expect(report.faults.map(\.description) == [])
        let shipped = try #require(PatternLoader().shipped().catalog?.patterns.map(\.id))
        #expect(report.catalog?.patterns.map(\.id) == ["own"] + shipped)
        #expect(report.catalog?.patterns.first { $0.id == "unit-failed" }?.title == "Something of mine")
        #expect(
            report.notes.map(\.description) == [
                "\(directory.path)/replaced.yml:2:9: 'unit-failed' takes the place of the shipped pattern"
            ])
    }

    @Test func `of the operator that are there twice are one fault naming both places`() throws {
        let directory = try TemporaryDirectory()
        try directory.write(Self.good, to: "a.yaml")
        try directory.write(Self.good, to: "b.yaml")
        #expect(
            PatternLoader().load(directory: directory.path).faults.map(\.description) == [
                "\(directory.path)/b.yaml:2:9: patterns[0].id: pattern 'own' is there twice; see"
                    + " \(directory.path)/a.yaml:2:9"
            ])
    }

    @Test func `in a directory that is not there are a fault, and no directory is none`() {
        #expect(
            PatternLoader().load(directory: "/nonexistent").faults.map(\.description)
                == ["/nonexistent: the directory of patterns can't be read"])
        #expect(PatternLoader().load(directory: nil).catalog == PatternLoader().shipped().catalog)
    }

    @Test(arguments: [
        (
            "id: own", "id: Own",
            "2:9: patterns[0].id: not a pattern's id: lower-case letters, digits and '-', at most 63"
        ),
        ("    title: Something of mine\n", "", "2:5: patterns[0]: missing key 'title': text"),
        (
            "confidence: 0.6", "confidence: 1.6",
            "7:17: patterns[0].confidence: expected a number from 0 to 1, found the number 1.6"
        ),
        ("    confidence: 0.6\n", "", "2:5: patterns[0]: missing key 'confidence': a number from 0 to 1"),
        (
            "kind: unit", "kind: unti",
            "5:20: patterns[0].target.kind: expected one of container, unit, service, compose, host, found 'unti'; did"
                + " you mean 'unit'?"
        ),
        (
            "unit.start,", "container.start,",
            "6:12: patterns[0].plan[0]: container.start acts on a container, but the target is a unit"
        ),
        (
            "unit.start,", "unit.strat,",
            "6:12: patterns[0].plan[0]: expected an action that 'jarvis actions list' prints, found 'unit.strat';"
                + " did you mean 'unit.start'?"
        ),
        ("unit.start,", "command,", "6:12: patterns[0].plan[0]: write the command: {command: TEXT}"),
        (
            "unit.start,", "{action: unit.start, size: 1G},",
            "6:33: unknown key 'size' in patterns[0].plan[0]"
        ),
        (
            "unit.start,", "{action: unit.start, with: dependents},",
            "6:39: patterns[0].plan[0].with: only a compose service has company"
        ),
        (
            "unit.start,", "{actoin: unit.start},",
            "6:12: patterns[0].plan[0]: missing key 'action': an action that 'jarvis actions list' prints"
        ),
        ("[unit.start, unit.restart]", "[]", "6:11: patterns[0].plan: name at least one action"),
        (
            "plan: [unit.start, unit.restart]", "escalate: Help!\n    plan: [unit.start]",
            "2:5: patterns[0]: give exactly one of 'plan' and 'escalate'"
        ),
        (
            "plan: [unit.start, unit.restart]", "pln: [unit.start]",
            "6:5: unknown key 'pln' in patterns[0]; did you mean 'plan'?"
        ),
        (
            "alertname: Mine, labels", "alertname: Other, labels",
            "9:15: patterns[0].examples.match[0]: the pattern does not match this example"
        ),
        (
            "severity: warning", "severity: critical",
            "10:18: patterns[0].examples.no_match[0]: the pattern matches this example, which it must not"
        ),
        (
            "unit: a.service, ", "",
            "9:15: patterns[0].examples.match[0]: the example has none of the labels of 'name_from'"
        ),
        (", instance: x", "", "9:15: patterns[0].examples.match[0]: the example has none of the labels of 'host_from'"),
        (
            "[{alertname: Mine, severity: warning}]", "[]",
            "10:17: patterns[0].examples.no_match: give at least one example"
        ),
        (
            "alertname: Mine, labels", "alertname: [], labels",
            "4:24: patterns[0].match.alertname: name at least one alert"
        ),
        (
            "name_from: unit, ", "",
            "5:13: patterns[0].target.name_from: name at least one label that holds the unit's name"
        ),
        ("name_from: unit", "name_from: un-it", "5:37: patterns[0].target.name_from: not a label name"),
        (
            "severity: critical}}", "severity: 5}}",
            "4:49: patterns[0].match.labels.severity: expected text, found the number 5"
        ),
        ("patterns:", "pattern:", "1:1: unknown key 'pattern'; did you mean 'patterns'?"),
    ])
    func `with a mistake are refused with place and reason`(old: String, new: String, fault: String) {
        let report = PatternLoader().read(Array(Self.good.replacing(old, with: new).utf8), name: "own.yaml")
        #expect(report.catalog == nil)
        #expect(report.faults.map(\.description).contains("own.yaml:\(fault)"), "\(report.faults)")
    }
}
