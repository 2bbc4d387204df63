// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisEngine
import Testing

/// What becomes of incidents when the store is put back to a backup.
@Suite struct RestoringTests {
    typealias Life = IncidentLife

    private func restored(_ life: Life) throws -> Transition {
        try life.machine.handle(.restored(Homelab.at(0)), life.incident, at: Homelab.at(100))
    }

    @Test func `a plan that waits for a person or for its start is dropped, and a new look is taken`() throws {
        for rules in [try Homelab.rules(), try Homelab.rules(autonomy: .approve)] {
            var life = Life(rules: rules)
            try Life.toAct(&life)
            let transition = try restored(life)
            #expect(transition.incident.phase == .diagnosing)
            #expect(transition.incident.plan == nil)
            #expect(transition.incident.approvedUntil == nil)
            #expect(transition.jobs.map(\.work) == [.diagnose(life.incident.id)])
        }
    }

    @Test func `the rest of a plan that has begun is not carried out`() throws {
        let life = try IncidentMachineDetailTests.twoSteps()
        let transition = try restored(life)
        #expect(IncidentMachineDetailTests.purpose(transition.incident) == .repair)
        #expect(transition.jobs.map(\.work) == [.observe(life.incident.id, round: 0)])
    }

    @Test func `a step that has begun keeps its intent, so that it is never begun again`() throws {
        var life = Life(rules: try Homelab.rules())
        try Life.toRun(&life)
        let transition = try restored(life)
        #expect(transition.incident.phase == life.incident.phase)
        #expect(transition.jobs.isEmpty)
        #expect(transition.entries.map(\.what) == ["restored"])
    }

    @Test func `what is looked at goes on, what ended stays`() throws {
        var life = Life(rules: try Homelab.rules())
        #expect(try restored(life).incident.phase == .diagnosing)
        try Life.toVerify(&life)
        #expect(try restored(life).incident.phase == life.incident.phase)
        try life.apply(.observed(Life.repaired(20), round: 0), at: 20)
        try life.apply(.observed(Life.repaired(30), round: 1), at: 30)
        #expect(throws: EventRefusal.stale) { try restored(life) }
    }
}
