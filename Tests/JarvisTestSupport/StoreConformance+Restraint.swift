// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FoundationEssentials
import JarvisCore

extension StoreConformance {
    static let restraint: [ConformanceCase<Subject>] = [
        .init("a hold is there until it is lifted or ends, also after a crash") { subject in
            let now = StoreSamples.start
            let pause = hold(.pause)
            let dry = hold(.dryRun, host: .local, until: now + 60)
            try await subject.store.place(pause)
            try await subject.store.place(dry)
            let store = try await subject.reopen()
            try expect(try await store.holds(at: now), [pause, dry], "both")
            try expect(try await store.holds(at: now + 60), [pause], "after the end of one")
            try expect(
                try await store.lift(.pause, host: .local, by: "ada", at: StoreSamples.start), false,
                "no pause on that host")
            try expect(try await store.lift(.pause, host: nil, by: "ada", at: StoreSamples.start), true, "lifted")
            try expect(
                try await store.lift(.pause, host: nil, by: "ada", at: StoreSamples.start), false, "lifted already")
            try expect(try await store.holds(at: now), [dry], "the other stays")
        },
        .init("a second hold of the same mode and host takes the place of the first") { subject in
            try await subject.store.place(hold(.pause, until: StoreSamples.start + 9))
            try await subject.store.place(hold(.pause))
            try expect(try await subject.store.holds(at: StoreSamples.start + 99), [hold(.pause)], "holds")
        },
        .init("no intent is written under a hold, and nothing else of its change") { subject in
            for place in [nil, HostName.local] {
                try await subject.store.place(hold(.pause, host: place))
                let change = change(1)
                try await expectRestrained("the intent", .held(hold(.pause, host: place))) {
                    try await subject.store.commit(change)
                }
                try expect(try await subject.store.incident(StoreSamples.incidentID(1)), nil, "incident")
                _ = try await subject.store.lift(.pause, host: place, by: "ada", at: StoreSamples.start)
            }
            try await subject.store.place(hold(.pause, host: HostName("elsewhere")))
            try await subject.store.place(hold(.dryRun, until: StoreSamples.start))
            try await subject.store.commit(change(1))
        },
        .init("a pause is named before a dry run") { subject in
            try await subject.store.place(hold(.dryRun))
            try await subject.store.place(hold(.pause))
            try await expectRestrained("the intent", .held(hold(.pause))) { try await subject.store.commit(change(1)) }
        },
        .init("only so many steps run at a time on a host") { subject in
            try await subject.store.commit(change(1))
            try await expectRestrained("a second", .hostBusy(.local)) {
                try await subject.store.commit(change(2, incident: 2))
            }
            try await subject.store.commit(end(1))
            try await subject.store.commit(change(2, incident: 2))
        },
        .init("a step that may still run on the host counts until the host must have ended it") { subject in
            try await subject.store.commit(change(1))
            try await subject.store.commit(end(1, Receipt(ending: .unknown(reason: "lost"))))
            try await expectRestrained("a second", .hostBusy(.local)) {
                try await subject.store.commit(change(2, incident: 2, at: 30))
            }
            try await subject.store.commit(change(2, incident: 2, at: 32))
        },
        .init("only so many steps begin within an hour: on a target, on a host, in all") { subject in
            var limits = BlastRadius(total: 9, perHost: 9, perTarget: 1, atOncePerHost: 9)
            try await subject.store.commit(change(1))
            try await expectRestrained("target", .tooMany("on \(StoreSamples.target())", limit: 1)) {
                try await subject.store.commit(change(2, limits: limits, version: 2))
            }
            limits = BlastRadius(total: 9, perHost: 1, perTarget: 9, atOncePerHost: 9)
            try await expectRestrained("host", .tooMany("on local", limit: 1)) {
                try await subject.store.commit(change(2, limits: limits, version: 2))
            }
            limits = BlastRadius(total: 1, perHost: 9, perTarget: 9, atOncePerHost: 9)
            try await expectRestrained("all", .tooMany("in all", limit: 1)) {
                try await subject.store.commit(change(2, limits: limits, version: 2))
            }
            try await subject.store.commit(change(2, limits: limits, version: 2, at: 3602))
        },
        .init("two steps that begin at once on one host: one begins") { subject in
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for number in 1...8 {
                    group.addTask { (try? await subject.store.commit(change(number, incident: number))) != nil }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            try expect(outcomes, 1, "steps that began")
        },
        .init("failed repairs are counted by pattern and target, and only those") { subject in
            let store = subject.store
            let since = StoreSamples.start
            let target = StoreSamples.target()
            for (number, outcome) in [Outcome.escalated, .fixed, .undone, .recoveredUnproven].enumerated() {
                try await store.commit(StoreChange(incident: ended(number + 1, outcome, acted: true)))
            }
            try await store.commit(StoreChange(incident: ended(5, .escalated, acted: false)))
            try await store.commit(StoreChange(incident: ended(6, .escalated, acted: true, looksOnly: true)))
            try expect(
                try await store.trackRecord(pattern: "p", target: target, since: since),
                TrackRecord(ofPattern: 2, onTarget: 2, inAll: 2), "all")
            try expect(
                try await store.trackRecord(
                    pattern: "q", target: Target(host: .local, kind: .unit, name: "x"), since: since),
                TrackRecord(ofPattern: 0, onTarget: 0, inAll: 2), "others")
            try expect(
                try await store.trackRecord(pattern: "p", target: target, since: since + 99), TrackRecord(), "later")
        },
        .init("a verdict that is withdrawn counts for the pattern it was credited to, as long as that is looked back") {
            subject in
            let target = StoreSamples.target()
            var incident = ended(1, .fixed, acted: true)
            try await subject.store.commit(StoreChange(incident: incident))
            guard case .closed(let closing) = incident.phase else { return }
            for number in 1...2 {
                incident.version += 1
                incident.phase = .diagnosing
                incident.plan = nil
                let withdrawal = Withdrawal(
                    number: number, closing: closing, pattern: "p", at: StoreSamples.start + Double(number * 100))
                incident.withdrawals.append(withdrawal)
                var change = StoreChange(incident: incident)
                change.withdrawal = withdrawal
                try await subject.store.commit(change)
            }
            let store = try await subject.reopen()
            try expect(try await store.incident(incident.id), incident, "the incident, open again")
            try expect(try await store.openIncident(about: target), incident.id, "the open one")
            try expect(
                try await store.trackRecord(pattern: "p", target: target, since: StoreSamples.start),
                TrackRecord(ofPattern: 2, onTarget: 2, inAll: 2), "both")
            try expect(
                try await store.trackRecord(
                    pattern: "q", target: Target(host: .local, kind: .unit, name: "x"), since: StoreSamples.start + 100),
                TrackRecord(ofPattern: 0, onTarget: 0, inAll: 1), "others, later")
        },
    ]

    static let autonomy: [ConformanceCase<Subject>] = [
        .init("decisions about autonomy are kept, the most specific first, until they are forgotten") { subject in
            let everywhere = AutonomyPolicy.Rule(level: .auto)
            let onHost = AutonomyPolicy.Rule(level: .observe, host: .local)
            let ofPattern = AutonomyPolicy.Rule(level: .approve, maximumClass: .disruptive, host: .local, pattern: "p")
            for rule in [everywhere, ofPattern, onHost] {
                try await subject.store.setAutonomy(rule, by: "ada", at: StoreSamples.start)
            }
            let store = try await subject.reopen()
            try expect(try await store.autonomyRules(), [ofPattern, onHost, everywhere], "rules")
            let changed = AutonomyPolicy.Rule(level: .auto, maximumClass: .disruptive, host: .local)
            try await store.setAutonomy(changed, by: "ada", at: StoreSamples.start)
            try expect(try await store.autonomyRules(), [ofPattern, changed, everywhere], "one replaced")
            try expect(try await store.resetAutonomy(by: "ada", at: StoreSamples.start), 3, "forgotten")
            try expect(try await store.autonomyRules(), [], "none")
            try expect(try await store.resetAutonomy(by: "ada", at: StoreSamples.start), 0, "again")
        }
    ]

    private static func hold(_ mode: Hold.Mode, host: HostName? = nil, until: Date? = nil) -> Hold {
        Hold(
            mode: mode, host: host, by: "somebody", reason: "because",
            since: StoreSamples.start - (mode == .pause ? 10 : 5), until: until)
    }

    /// The change that writes intent `number` of an incident.
    private static func change(
        _ number: Int, incident: Int = 1, limits: BlastRadius = .standard, version: Int = 1, at seconds: Double? = nil
    ) -> StoreChange {
        var subject = StoreSamples.incident(incident, target: incident == 1 ? StoreSamples.target() : nil)
        subject.version = version
        var change = StoreChange(incident: subject)
        let sample = StoreSamples.intent(number)
        change.intent = Intent(
            id: sample.id, incident: subject.id, step: 0, action: sample.action, canonical: sample.canonical,
            fencingToken: 7, recordedAt: StoreSamples.start + (seconds ?? Double(number)), remoteDeadlineSeconds: 30)
        change.blastRadius = limits
        return change
    }

    private static func end(
        _ number: Int, _ receipt: Receipt = Receipt(ending: .exited(status: 0))
    ) -> StoreChange {
        var subject = StoreSamples.incident(1)
        subject.version = 2
        var change = StoreChange(incident: subject)
        change.receipt = (StoreSamples.intent(number).id, receipt)
        return change
    }

    private static func ended(
        _ number: Int, _ outcome: Outcome, acted: Bool, looksOnly: Bool = false
    ) -> Incident {
        var incident = StoreSamples.incident(number)
        let sample = StoreSamples.intent(number)
        let look = Plan.Step(action: sample.action, canonical: sample.canonical, commandClass: .observe)
        let change = Plan.Step(action: sample.action, canonical: sample.canonical, commandClass: .bounded)
        incident.plan = Plan(
            pattern: "p", target: StoreSamples.target(), endpoint: "here", steps: [looksOnly ? look : change],
            reason: "r",
            confidence: 1)
        if acted { incident.attempts = [.init(intent: StoreSamples.intent(1), receipt: Receipt(ending: .timedOut))] }
        incident.phase = .closed(
            Closing(outcome: outcome, verdict: nil, reason: "r", at: StoreSamples.start + Double(number)))
        return incident
    }

    private static func expectRestrained(
        _ what: String, _ restraint: Restraint, line: Int = #line, _ body: () async throws -> Void
    ) async throws {
        try await expectError(what, line: line, where: { $0 == StoreError.restrained(restraint) }, body)
    }
}
