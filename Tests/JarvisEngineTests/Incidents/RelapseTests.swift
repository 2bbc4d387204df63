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

    @Test func `it is opened again, and nothing of the life before is carried over`() throws {
        var life = try fixed()
        try #require(life.incident.hasActed)
        life.incident.members.append(Incident.Member(alert: Homelab.alert("UnitFailed", "web")))
        life.incident.omittedMembers = 2
        let transition = try life.machine.handle(.relapsed(again), life.incident, at: Homelab.at(100))
        let incident = transition.incident
        #expect(transition.isReopening)
        #expect(transition.withdrawal == nil, "an alert alone proves nothing")
        #expect(incident.phase == .diagnosing)
        #expect(incident.version == life.incident.version + 1)
        #expect(incident.members.map(\.alert) == [again])
        #expect(incident.omittedMembers == 0)
        #expect(!incident.hasActed)
        #expect(incident.plan == nil)
        #expect(incident.baseline.isEmpty)
        #expect(transition.jobs.map(\.work) == [.diagnose(incident.id)])
        #expect(transition.entries.map(\.what) == ["relapsed"])
        #expect(transition.entries.map(\.detail).first?.contains("70 s after") == true)
    }

    @Test func `the verdict is withdrawn once something is seen bad, and counts for the plan that follows`() throws {
        var life = try fixed()
        let pattern = try #require(life.incident.plan?.pattern)
        try life.apply(.relapsed(again), at: 100)
        // One failure on the target is known, and it takes two to ask first.
        let transition = try life.machine.handle(
            .diagnosed(Homelab.down, TrackRecord(onTarget: 1)), life.incident, at: Homelab.at(110))
        let withdrawal = try #require(transition.withdrawal)
        #expect(withdrawal.number == 1)
        #expect(withdrawal.pattern == pattern)
        #expect(withdrawal.closing.outcome == .fixed)
        #expect(withdrawal.at == Homelab.at(110))
        #expect(transition.incident.withdrawals == [withdrawal])
        #expect(transition.incident.doubted == nil)
        #expect(transition.entries.first?.what == "verdict withdrawn")
        #expect(transition.incident.phase.name == "awaitingApproval")
    }

    @Test func `a late or forged alert withdraws nothing`() throws {
        var life = try fixed()
        try life.apply(.relapsed(again), at: 100)
        try life.apply(.diagnosed(Life.repaired(110), TrackRecord()), at: 110)
        try life.apply(.observed(Life.repaired(120), round: 0), at: 120)
        try life.apply(.observed(Life.repaired(130), round: 1), at: 130)
        #expect(Life.place(life.incident) == "selfResolved")
        #expect(life.incident.doubted == nil)
        #expect(life.incident.withdrawals.isEmpty)
    }

    @Test func `where nothing can be seen the verdict is withdrawn at the end`() throws {
        var life = try fixed()
        try life.apply(.relapsed(again), at: 100)
        let blind = Observation(signals: [Homelab.signal(.target, .unknown, at: 110)])
        for second in stride(from: 110.0, to: 150, by: 10) where life.incident.phase == .diagnosing {
            #expect(life.incident.withdrawals.isEmpty)
            try life.apply(.diagnosed(blind, TrackRecord()), at: second)
        }
        #expect(Life.place(life.incident) == "escalated")
        #expect(life.incident.withdrawals.count == 1)
    }

    @Test func `only the alert that it was repaired for can come back`() throws {
        let life = try fixed()
        #expect(life.incident.isPlanned(for: again, pattern: nil))
        let other = Homelab.alert("UnitFailed", "web")
        #expect(!life.incident.isPlanned(for: other, pattern: nil))
        #expect(!life.incident.isPlanned(for: other, pattern: "another"))
        #expect(life.incident.isPlanned(for: other, pattern: life.incident.plan?.pattern))
    }

    @Test func `an alert of before that resolves changes nothing`() throws {
        var life = try fixed()
        try life.apply(.relapsed(again), at: 100)
        let resolved = Homelab.alert("UnitFailed", "web", state: .resolved)
        let transition = try life.machine.handle(.reported(resolved), life.incident, at: Homelab.at(101))
        #expect(transition.incident.members == life.incident.members)
        #expect(transition.entries.isEmpty && transition.jobs.isEmpty)
    }

    @Test func `it can be repaired again, and come back again`() throws {
        var life = try fixed()
        for number in 1...20 {
            let begin = Double(number) * 1_000
            try life.apply(.relapsed(Homelab.alert(startsAt: Homelab.at(begin))), at: begin)
            try life.apply(.diagnosed(Homelab.down, TrackRecord()), at: begin + 10)
            try #require(life.incident.phase.name == "acting")
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

    @Test func `what came back within minutes is watched for longer than it lasted`() throws {
        var life = try fixed()
        #expect(life.machine.watch(life.incident).window == 10)
        try life.apply(.relapsed(again), at: 100)
        try life.apply(.diagnosed(Homelab.down, TrackRecord()), at: 110)
        // Withdrawn 80 s after it was called fixed, for which it had been good for 10 s.
        #expect(life.machine.watch(life.incident).window == 1.5 * 90)
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
        let text = String(decoding: stored, as: UTF8.self)
        #expect(!text.contains("withdrawn") && !text.contains("doubted"))
        #expect(try JSONDecoder().decode(Incident.self, from: stored).withdrawals.isEmpty)
        let reopened = try life.machine.handle(.relapsed(again), life.incident, at: Homelab.at(100)).incident
        let read = try JSONDecoder().decode(Incident.self, from: JSONEncoder().encode(reopened))
        #expect(read.doubted == reopened.doubted && read.doubted != nil)
    }
}
