// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisEngine
import Testing

/// What becomes of an incident that ended when its alert comes back.
@Suite struct RelapseTests {
    typealias Life = IncidentLife

    private let again = Homelab.alert(startsAt: Homelab.at(90))

    private func fixed() throws -> Life {
        var life = Life(rules: try Homelab.rules())
        try Life.toFixed(&life)
        return life
    }

    @Test func `it is opened again, and the pattern is debited`() throws {
        let life = try fixed()
        let transition = try life.machine.handle(.relapsed(again), life.incident, at: Homelab.at(100))
        let incident = transition.incident
        #expect(incident.phase == .diagnosing)
        #expect(incident.version == life.incident.version + 1)
        #expect(incident.members.map(\.alert) == [again])
        #expect(transition.jobs.map(\.work) == [.diagnose(incident.id)])
        #expect(transition.entries.map(\.what) == ["relapsed"])
        #expect(transition.entries.map(\.detail).first?.contains("70 s after") == true)
        let withdrawal = try #require(transition.withdrawal)
        #expect(withdrawal.number == 1)
        #expect(withdrawal.pattern == life.incident.plan?.pattern)
        #expect(withdrawal.pattern != nil)
        #expect(withdrawal.closing.outcome == .fixed)
        #expect(incident.withdrawals == [withdrawal])
    }

    @Test func `nothing of the life before is credited with what comes`() throws {
        var life = try fixed()
        #expect(life.incident.hasActed)
        try life.apply(.relapsed(again), at: 100)
        #expect(!life.incident.hasActed)
        #expect(life.incident.plan == nil)
        #expect(life.incident.baseline.isEmpty)
        try life.apply(.diagnosed(Life.repaired(110), TrackRecord()), at: 110)
        try life.apply(.observed(Life.repaired(120), round: 0), at: 120)
        try life.apply(.observed(Life.repaired(130), round: 1), at: 130)
        #expect(Life.place(life.incident) == "selfResolved")
    }

    @Test func `it can be repaired again, and come back again`() throws {
        var life = try fixed()
        for number in 1...20 {
            let begin = Double(number) * 100
            try life.apply(.relapsed(Homelab.alert(startsAt: Homelab.at(begin))), at: begin)
            try life.apply(.diagnosed(Homelab.down, TrackRecord()), at: begin + 10)
            let intent = Life.intent(for: life.incident, number: UInt8(number + 20))
            try life.apply(.intended(intent), at: begin + 10)
            try life.apply(.received(intent.id, Life.ok), at: begin + 11)
            for (round, second) in [20.0, 30.0].enumerated() {
                let seen = Observation(signals: [
                    Homelab.signal(.metrics, .good, at: begin + second),
                    Homelab.signal(.target, .good, at: begin + second, instance: "run \(number)"),
                ])
                try life.apply(.observed(seen, round: round), at: begin + second)
            }
            try #require(Life.place(life.incident) == "fixed", "the \(number)th time")
        }
        #expect(life.incident.withdrawals.map(\.number) == Array(5...20), "so many are kept")
    }

    @Test func `what never was called fixed, or long ago, is not withdrawn`() throws {
        let life = try fixed()
        let end = Homelab.at(30)
        #expect(life.incident.mayRelapse(at: end + Incident.relapseWindow - 1))
        #expect(!life.incident.mayRelapse(at: end + Incident.relapseWindow))
        #expect(life.incident.mayRelapse(at: end - 3_600), "the clock was set back")
        #expect(throws: EventRefusal.stale) {
            try life.machine.handle(.relapsed(again), life.incident, at: end + Incident.relapseWindow)
        }
        #expect(throws: EventRefusal.stale, "its end") {
            try life.machine.handle(
                .relapsed(Homelab.alert(state: .resolved)), life.incident, at: Homelab.at(100))
        }
        for outcome in Outcome.allCases where outcome != .fixed {
            var incident = life.incident
            incident.phase = .closed(Closing(outcome: outcome, verdict: nil, reason: "r", at: end))
            #expect(!incident.mayRelapse(at: end + 1), "\(outcome)")
        }
        let open = Life(rules: try Homelab.rules())
        #expect(throws: EventRefusal.stale) {
            try open.machine.handle(.relapsed(again), open.incident, at: Homelab.at(100))
        }
    }

    @Test func `what an earlier version stored has no withdrawals`() throws {
        let life = try fixed()
        let stored = try JSONEncoder().encode(life.incident)
        #expect(!String(decoding: stored, as: UTF8.self).contains("withdrawn"))
        #expect(try JSONDecoder().decode(Incident.self, from: stored).withdrawals.isEmpty)
        let reopened = try life.machine.handle(.relapsed(again), life.incident, at: Homelab.at(100)).incident
        let read = try JSONDecoder().decode(Incident.self, from: JSONEncoder().encode(reopened))
        #expect(read.withdrawals == reopened.withdrawals)
    }
}
