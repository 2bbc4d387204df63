// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FoundationEssentials
import JarvisCore
import JarvisEngine
import JarvisTestSupport
import Testing

@Suite struct `Repairing the store` {
    static let permission = StoreRepair.Permission(target: Homelab.web, after: 120)
    static let away = StoreRepair.Answer.away("connection refused")

    static func moment(_ seconds: Double) -> StoreRepair.Moment {
        StoreRepair.Moment(date: Homelab.at(seconds), uptime: 1000 + seconds)
    }

    static func look(
        _ reading: Signal.Reading, _ detail: String = "exited, exit code 137", run: String? = "run 1",
        at seconds: Double,
        isDeliberate: Bool = false, occupation: String? = nil, target: Target = Homelab.web
    ) -> StoreRepair.Look {
        let signal = Signal(
            kind: .target, source: "state of \(target)", reading: reading, detail: detail,
            observedAt: Homelab.at(seconds), instance: run)
        return StoreRepair.Look(signal, isDeliberate: isDeliberate, occupation: occupation)
    }

    static func attempt(_ number: UInt8, at seconds: Double = 0) -> StoreRepairAttempt {
        StoreRepairAttempt(
            id: Homelab.id(number), epoch: 7, action: Action(.containerStart, on: Homelab.web),
            canonical: "'docker' 'start' 'web'", commandClass: .bounded, recordedAt: Homelab.at(seconds),
            remoteDeadlineSeconds: 95, reason: "it is away",
            baseline: [look(.badForGood, at: seconds).signal])
    }

    /// Away from 0 on, asked every 10 s until `seconds`.
    static func outage(
        _ attempts: [StoreRepairAttempt] = [], unreadable: Int = 0, holds: [Hold]? = [], until seconds: Double
    ) -> StoreRepair {
        var repair = StoreRepair(attempts, unreadable: unreadable, at: moment(-40))
        if let holds {
            for second in stride(from: -40.0, to: 0, by: 5) { repair.answered(.good(holds), at: moment(second)) }
        }
        for second in stride(from: 0, through: seconds, by: 10) { repair.answered(away, at: moment(second)) }
        return repair
    }

    private func asked(_ next: StoreRepair.Next) -> String? {
        if case .ask(let reason) = next { reason } else { nil }
    }

    private func isStart(_ next: StoreRepair.Next) -> Bool { if case .start = next { true } else { false } }

    @Test func `nothing is done before the time is over, or without permission, or while it answers`() {
        var repair = Self.outage(until: 110)
        #expect(repair.next(Self.permission, at: Self.moment(119)) == .wait)
        #expect(repair.next(Self.permission, at: Self.moment(120)) == .observe(Homelab.web))
        #expect(repair.next(nil, at: Self.moment(9000)) == .wait)
        repair.answered(.good([]), at: Self.moment(121))
        #expect(repair.next(Self.permission, at: Self.moment(122)) == .wait)
    }

    @Test(arguments: [StoreRepair.Answer.good([]), .unclear("no such table")])
    func `one answer in between begins the outage anew`(_ answer: StoreRepair.Answer) {
        var repair = Self.outage(until: 100)
        repair.answered(answer, at: Self.moment(101))
        for second in stride(from: 110.0, to: 230, by: 10) { repair.answered(Self.away, at: Self.moment(second)) }
        #expect(repair.next(Self.permission, at: Self.moment(229)) == .wait)
        #expect(repair.next(Self.permission, at: Self.moment(230)) == .observe(Homelab.web))
    }

    @Test func `a step of the wall clock makes no outage longer, and neither does a process that was stopped`() {
        var repair = Self.outage(until: 20)
        let jumped = StoreRepair.Moment(date: Homelab.at(7200), uptime: 1030)
        repair.answered(Self.away, at: jumped)
        #expect(repair.next(Self.permission, at: jumped) == .wait)
        repair.answered(Self.away, at: Self.moment(600))
        #expect(repair.next(Self.permission, at: Self.moment(600)) == .wait, "nobody asked for 570 s")
        // Whoever waits for an answer that long has none all the while.
        repair.answered(Self.away, askedAt: Self.moment(602), at: Self.moment(730))
        #expect(repair.next(Self.permission, at: Self.moment(730)) == .observe(Homelab.web))
    }

    @Test func `what was seen twice not to run is started`() {
        var repair = Self.outage(until: 120)
        repair.looked(Self.look(.badForGood, at: 120), at: Self.moment(120))
        #expect(repair.next(Self.permission, at: Self.moment(121)) == .observe(Homelab.web), "once is not enough")
        repair.looked(Self.look(.badForGood, at: 125), at: Self.moment(125))
        guard case .start(let action, let reason, let baseline) = repair.next(Self.permission, at: Self.moment(126))
        else { return #expect(Bool(false), "not started") }
        #expect(action == Action(.containerStart, on: Homelab.web))
        #expect(reason.contains("connection refused") && reason.contains("exit code 137"))
        #expect(baseline.map(\.kind) == [.target, .service])
        #expect(repair.next(Self.permission, at: Self.moment(140)) == .observe(Homelab.web), "an old look says nothing")
    }

    @Test func `a unit is started, never restarted`() {
        let permission = StoreRepair.Permission(target: Homelab.unit, after: 120)
        var repair = Self.outage(until: 120)
        for second in [120.0, 125] {
            repair.looked(Self.look(.badForGood, at: second, target: Homelab.unit), at: Self.moment(second))
        }
        guard case .start(let action, _, _) = repair.next(permission, at: Self.moment(126)) else {
            return #expect(Bool(false), "not started")
        }
        #expect(action.name == .unitStart)
        #expect(repair.next(Self.permission, at: Self.moment(126)) == .observe(Homelab.web), "that was another target")
    }

    @Test func `two different stopped runs are not one that stays stopped`() {
        var repair = Self.outage(until: 120)
        repair.looked(Self.look(.badForGood, run: "run 1", at: 120), at: Self.moment(120))
        repair.looked(Self.look(.badForGood, run: "run 2", at: 125), at: Self.moment(125))
        #expect(repair.next(Self.permission, at: Self.moment(126)) == .observe(Homelab.web))
    }

    static let reasonsToAsk: [(StoreRepair.Look, String)] = [
        (look(.good, "running since noon", at: 125), "is not stopped"),
        (look(.bad, "paused", at: 125), "is not stopped"),
        (look(.unknown, "the host does not answer", at: 125), "can't be seen"),
        (look(.badForGood, "exited, exit code 0", at: 125, isDeliberate: true), "on purpose"),
        (look(.badForGood, at: 125, occupation: "a backup (restic)"), "a backup (restic) runs"),
    ]

    @Test(arguments: reasonsToAsk)
    func `what is not surely and not only stopped is for a person`(_ look: StoreRepair.Look, _ reason: String) {
        var repair = Self.outage(until: 120)
        repair.looked(Self.look(.badForGood, at: 120), at: Self.moment(120))
        repair.looked(look, at: Self.moment(125))
        #expect(asked(repair.next(Self.permission, at: Self.moment(126)))?.contains(reason) == true)
    }

    private func stopped(_ repair: StoreRepair, at seconds: Double = 125) -> StoreRepair.Next {
        var repair = repair
        for second in [seconds - 5, seconds] {
            repair.looked(Self.look(.badForGood, at: second), at: Self.moment(second))
        }
        return repair.next(Self.permission, at: Self.moment(seconds))
    }

    @Test func `holds as they were known last keep it back, everywhere or there, and only while they last`() {
        let elsewhere = HostName("elsewhere")
        func hold(_ mode: Hold.Mode, _ host: HostName?, until: Double? = nil) -> Hold {
            Hold(
                mode: mode, host: host, by: "ann", reason: "", since: Homelab.start, until: until.map(Homelab.at))
        }
        for held in [hold(.pause, nil), hold(.pause, Homelab.host), hold(.dryRun, nil), hold(.pause, nil, until: 900)] {
            #expect(asked(stopped(Self.outage(holds: [held], until: 120))) != nil, "\(held)")
        }
        for other in [hold(.pause, elsewhere), hold(.pause, nil, until: 60)] {
            #expect(isStart(stopped(Self.outage(holds: [other], until: 120))), "\(other)")
        }
        #expect(asked(stopped(Self.outage(holds: nil, until: 120)))?.contains("never read") == true)
    }

    @Test func `nothing is started while a record of an earlier start can't be read`() {
        #expect(asked(stopped(Self.outage(unreadable: 1, until: 120)))?.contains("*.damaged") == true)
    }

    @Test func `three starts within a day are enough`() {
        func told(_ number: UInt8, _ seconds: Double) -> StoreRepairAttempt {
            var attempt = Self.attempt(number, at: seconds)
            attempt.receipt = Receipt(ending: .exited(status: 0))
            attempt.conclusion = .init(.verified, "well", at: Homelab.at(seconds))
            attempt.isTold = true
            return attempt
        }
        let day = StoreRepair.day
        let two = [told(1, -3600), told(2, -7200)]
        #expect(isStart(stopped(Self.outage(two, until: 120))))
        #expect(isStart(stopped(Self.outage(two + [told(3, -day)], until: 120))))
        for third in [-day + 200, 0, 999_999] {
            let next = stopped(Self.outage(two + [told(3, third)], until: 120))
            #expect(asked(next)?.contains("3 times") == true, "\(third)")
        }
        let old = StoreRepair(two + [told(3, -day)], at: Self.moment(0))
        #expect(old.expired(at: Homelab.start) == [Homelab.id(3)])
    }

    @Test func `there is one start in an outage, and the outage is over when the store stays`() {
        var repair = Self.outage(until: 120)
        let attempt = Self.attempt(1, at: 126)
        repair.intended(attempt)
        _ = repair.received(Receipt(ending: .exited(status: 1)), of: attempt.id, at: Self.moment(127))
        let kept = repair.concluded(attempt.id, .notFixed, "it stays down", at: Self.moment(200))
        #expect(kept?.conclusion?.verdict == .notFixed)
        for second in stride(from: 200.0, through: 900, by: 20) { repair.answered(Self.away, at: Self.moment(second)) }
        #expect(asked(stopped(repair, at: 900))?.contains("it stays down") == true)
        // It answers once, and is away again.
        repair.answered(.good([]), at: Self.moment(905))
        for second in stride(from: 910.0, through: 1100, by: 20) { repair.answered(Self.away, at: Self.moment(second)) }
        #expect(asked(stopped(repair, at: 1100)) != nil)
        for second in stride(from: 1105.0, through: 1140, by: 5) {
            repair.answered(.good([]), at: Self.moment(second))
        }
        for second in stride(from: 1145.0, through: 1285, by: 20) {
            repair.answered(Self.away, at: Self.moment(second))
        }
        #expect(isStart(stopped(repair, at: 1290)))
    }
}
