// SPDX-License-Identifier: Apache-2.0

import JarvisApp
import JarvisCore
import Testing

/// Actions with parameters and company, as patterns hold them.
@Suite struct `A pattern's action` {
    private static func report(_ plan: String, kind: String) -> PatternReport {
        let names = kind == "host" ? "" : "name_from: name, "
        let text = """
            patterns:
              - id: own
                title: Something of mine
                match: {alertname: Mine}
                target: {kind: \(kind), \(names)host_from: instance}
                plan: \(plan)
                confidence: 0.6
                examples:
                  match: [{alertname: Mine, name: a, instance: x}]
                  no_match: [{alertname: Other}]

            """
        return PatternLoader().read(Array(text.utf8), name: "own.yaml")
    }

    @Test(arguments: [
        ("[journal.vacuum]", "host", PlanElement.action(.journalVacuum)),
        ("[{action: journal.vacuum, size: 500M}]", "host", .action(.journalVacuum, parameters: [.size: "500M"])),
        ("[{action: journal.vacuum, age: 14d}]", "host", .action(.journalVacuum, parameters: [.age: "14d"])),
        ("[{action: container.unpause}]", "container", .action(.containerUnpause)),
        ("[{action: compose.up, with: dependencies}]", "compose", .action(.composeUp, with: .dependencies)),
        ("[{command: docker restart web}]", "container", .command("docker restart web")),
    ])
    func `is read with all that it says`(_ plan: String, _ kind: String, _ element: PlanElement) {
        let report = Self.report(plan, kind: kind)
        #expect(report.faults.map(\.description) == [])
        #expect(report.catalog?.patterns.first?.response == .plan([element]))
    }

    @Test(arguments: [
        ("[{action: journal.vacuum, size: 5}]", "host", "expected text, found the number 5"),
        ("[{action: journal.vacuum, size: 99M}]", "host", "size '99M' is not a size such as 500M, from 100M to 64G"),
        ("[{action: journal.vacuum, size: '{{ $labels.size }}'}]", "host", "is not a size such as 500M"),
        ("[{action: journal.vacuum, size: 1G, age: 3d}]", "host", "needs exactly one of 'size' and 'age'"),
        ("[{action: journal.vacuum, name: x}]", "host", "unknown key 'name'"),
        ("[journal.vacuum]", "unit", "journal.vacuum acts on a host, but the target is a unit"),
        ("[{action: compose.up, with: all}]", "compose", "expected one of alone, dependencies, dependents"),
        ("[{action: container.start, command: docker start web}]", "container", "unknown key 'action'"),
    ])
    func `with a mistake is refused with the reason`(_ plan: String, _ kind: String, _ fault: String) {
        let report = Self.report(plan, kind: kind)
        #expect(report.catalog == nil)
        #expect(report.faults.contains { $0.description.contains(fault) }, "\(report.faults)")
    }
}
