// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisEngine
import Testing

@Suite struct IncidentMachineDetailTests {
    typealias Life = IncidentLife

    static func twoSteps() throws -> Life {
        var life = Life(rules: try Homelab.rules(), alert: Homelab.alert("ContainerSick"))
        try Life.toRun(&life)
        try life.apply(.received(Homelab.id(7), Life.ok))
        #expect(life.incident.phase == .acting(step: 1, intent: nil))
        return life
    }

    static func purpose(_ incident: Incident) -> Verification.Purpose? {
        if case .verifying(let verification) = incident.phase { verification.purpose } else { nil }
    }

    /// What is to be taken back, in this order.
    private static func toBeUndone(_ incident: Incident) -> [Action.Name]? {
        if case .undoing(let undoing) = incident.phase { undoing.remaining.map(\.action.name) } else { nil }
    }

    @Test func `an incident opens with one look to be taken at once`() throws {
        let machine = IncidentMachine(rules: try Homelab.rules())
        let transition = machine.open(Homelab.id(1), for: Homelab.alert(), about: nil, at: Homelab.start)
        #expect(transition.incident.phase == .diagnosing)
        #expect(transition.incident.version == 1)
        #expect(transition.jobs == [JobRequest(.diagnose(Homelab.id(1)), dueAt: Homelab.start, priority: 2)])
        #expect(transition.entries.map(\.what) == ["opened"])
    }

    @Test func `a second step that never began does not make the first one run again`() throws {
        var life = try Self.twoSteps()
        try life.apply(.intended(Life.intent(for: life.incident, step: 1, number: 8)))
        try life.apply(.received(Homelab.id(8), Receipt(ending: .notStarted(reason: "no route"))))
        #expect(Self.toBeUndone(life.incident) == [.containerStart])
    }

    @Test(arguments: [Receipt.Ending.exited(status: 1), .timedOut])
    func `a plan that fails at its second step has its first one taken back`(_ ending: Receipt.Ending) throws {
        var life = try Self.twoSteps()
        try life.apply(.intended(Life.intent(for: life.incident, step: 1, number: 8)))
        try life.apply(.received(Homelab.id(8), Receipt(ending: ending)))
        #expect(Self.toBeUndone(life.incident) == [.containerStart])
    }

    @Test func `a failed step that can't be taken back keeps the plan from being called undone`() throws {
        var life = try Self.twoSteps()
        try life.apply(.intended(Life.intent(for: life.incident, step: 1, number: 8)))
        try life.apply(.received(Homelab.id(8), Receipt(ending: .exited(status: 1))))
        try life.apply(.undoSettled(of: Homelab.id(7), .alreadyThere([.running])))
        guard case .closed(let closing) = life.incident.phase else {
            Issue.record("\(life.incident.phase.name)")
            return
        }
        #expect(closing.outcome == .escalated)
        #expect(closing.reason.contains("container.restart web on local may have happened in part"))
    }

    @Test func `a step that may still run on its host is not undone yet`() throws {
        var life = Life(rules: try Homelab.rules())
        try Life.toRun(&life)
        try life.apply(.received(Homelab.id(7), Receipt(ending: .unknown(reason: "lost"))), at: 20)
        #expect(throws: EventRefusal.self) { try life.apply(.undoWanted(by: "ada"), at: 84) }
        try life.apply(.undoWanted(by: "ada"), at: 86)
        #expect(life.incident.phase.name == "undoing")
    }

    @Test func `a second step of unknown ending is watched, not taken for a failure`() throws {
        var life = try Self.twoSteps()
        try life.apply(.intended(Life.intent(for: life.incident, step: 1, number: 8)))
        try life.apply(.received(Homelab.id(8), Receipt(ending: .unknown(reason: "lost"))))
        #expect(Self.purpose(life.incident) == .repair)
    }

    @Test func `a step that fails ends the plan`() throws {
        var life = Life(rules: try Homelab.rules(), alert: Homelab.alert("ContainerSick"))
        try Life.toRun(&life)
        try life.apply(.received(Homelab.id(7), Receipt(ending: .exited(status: 1))))
        #expect(Self.purpose(life.incident) == .repair)
    }

    @Test func `resolved between two steps is looked at as a repair`() throws {
        var life = try Self.twoSteps()
        try life.apply(.reported(Homelab.alert("ContainerSick", state: .resolved)))
        #expect(Self.purpose(life.incident) == .repair)
    }

    @Test func `a second step that may not run has the first one taken back`() throws {
        var life = try Self.twoSteps()
        try life.apply(.refused(step: 1, reason: "policy changed"))
        #expect(Self.toBeUndone(life.incident) == [.containerStart])
    }

    @Test func `where nobody knows, looks begin only when the host has surely ended it`() throws {
        var life = Life(rules: try Homelab.rules())
        try Life.toRun(&life)
        let receipt = Receipt(ending: .unknown(reason: "lost"))
        let transition = try life.machine.handle(.received(Homelab.id(7), receipt), life.incident, at: Homelab.at(20))
        guard case .verifying(let verification) = transition.incident.phase else {
            Issue.record("\(transition.incident.phase)")
            return
        }
        // Recorded at 10, ended by the host 75 s later.
        #expect(transition.jobs.map(\.dueAt) == [Homelab.at(85)])
        #expect(verification.since == Homelab.at(85))
        #expect(verification.deadline == Homelab.at(205))
    }

    @Test func `intervals that become known while watching widen the window`() throws {
        var life = Life(rules: try Homelab.rules())
        try Life.toVerify(&life)
        let timing = ObservationTiming(scrapeInterval: 60, evaluationInterval: 60)
        for (round, second) in [20.0, 30, 60, 120, 199].enumerated() {
            let observation = Observation(signals: Life.repaired(second).signals, timing: timing)
            try life.apply(.observed(observation, round: round), at: second)
            #expect(!life.incident.phase.isClosed, "three scrapes are 180 s, not \(second - 20)")
        }
        try life.apply(.observed(Observation(signals: Life.repaired(200).signals), round: 5), at: 200)
        #expect(Life.place(life.incident) == "fixed")
    }

    @Test(arguments: [Double.infinity, .nan, -1, 1e12])
    func `intervals that no clock has end as others do`(_ interval: Double) throws {
        let odd = ObservationTiming(
            scrapeInterval: interval, evaluationInterval: interval, keepFiringFor: interval, longestRange: interval)
        var life = Life(rules: try Homelab.rules())
        try life.apply(.diagnosed(Observation(signals: Homelab.down.signals, timing: odd), TrackRecord()))
        try life.apply(.intended(Life.intent(for: life.incident)))
        try life.apply(.received(Homelab.id(7), Life.ok))
        guard case .verifying(let verification) = life.incident.phase else { return }
        #expect(verification.deadline <= Homelab.at(10 + 900))
        try life.apply(.observed(Observation(signals: [], timing: odd), round: 0), at: 911)
        #expect(life.incident.phase.isClosed)
    }

    @Test func `an alert that fires anew while things look good starts the window again`() throws {
        for newcomer in [Homelab.alert(startsAt: Homelab.at(25)), Homelab.alert("UnitFailed")] {
            var life = Life(rules: try Homelab.rules())
            try Life.toLooked(&life)
            try life.apply(.reported(newcomer), at: 25)
            try life.apply(.observed(Life.repaired(30), round: 1), at: 30)
            #expect(!life.incident.phase.isClosed)
            // A repeat of what is known does not.
            try life.apply(.reported(newcomer), at: 32)
            try life.apply(.observed(Life.repaired(40), round: 2), at: 40)
            #expect(Life.place(life.incident) == "fixed")
        }
    }

    @Test func `priority follows the most severe alert`() throws {
        let table: [(String, Int)] = [("critical", 0), ("page", 0), ("warning", 1), ("info", 2), ("critical ", 2)]
        for (severity, priority) in table {
            let labels = LabelSet(["alertname": "A", "severity": severity])
            let alert = Alert(labels: labels, state: .firing, startsAt: Homelab.start)
            let machine = IncidentMachine(rules: try Homelab.rules())
            let opened = machine.open(Homelab.id(1), for: alert, about: nil, at: Homelab.start)
            #expect(opened.jobs.map(\.priority) == [priority])
        }
    }

    /// SPEC section 16, trap 9: incident ids from the wall clock.
    @Test func `trap 9: two incidents of one moment are two`() {
        let first: IncidentID = Identifier(UUIDv7(at: Homelab.start, random: Array(repeating: 1, count: 10)))
        let second: IncidentID = Identifier(UUIDv7(at: Homelab.start, random: Array(repeating: 2, count: 10)))
        #expect(first != second)
    }

    @Test func `what a host or a person says can't forge a line of the timeline`() throws {
        var life = Life(rules: try Homelab.rules())
        try Life.toRun(&life)
        let evil = "x\n2026 fixed\u{1B}[2J\u{202E}"
        let endings: [Receipt.Ending] = [.exited(status: 1), .notStarted(reason: evil), .unknown(reason: evil)]
        for ending in endings {
            let receipt = Receipt(ending: ending, standardOutput: evil, standardError: evil)
            let transition = try life.machine.handle(
                .received(Homelab.id(7), receipt), life.incident, at: Homelab.at(20))
            for entry in transition.entries {
                #expect(
                    !entry.detail.contains("\n") && !entry.detail.contains("\u{1B}"), "\(entry.what): \(entry.detail)")
            }
        }
    }
}
