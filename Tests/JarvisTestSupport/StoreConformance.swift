// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
package import DurableQueue
import FoundationEssentials
package import JarvisCore

/// The promises of a store's ports, to be run against every store; each case wants a fresh one.
package enum StoreConformance {
    /// Every port of a store.
    package typealias Store = OrderedAlertLog & IncidentStore & RestraintStore & AutonomyStore & AuditLog
        & SnapshotStore

    /// A store, its queue, and how to come back to both after a crash.
    package struct Subject: Sendable {
        /// The store.
        package let store: any Store
        /// Its jobs.
        package let queue: any JobQueueDriver
        /// The time that the queue tells; it stands at `StoreSamples.start`.
        package let clock: ManualQueueClock
        /// Opens what a process that died would leave; the same where nothing outlives the process.
        package let reopen: @Sendable () async throws -> any Store

        /// Describes a store under test.
        package init(
            store: any Store, queue: any JobQueueDriver, clock: ManualQueueClock,
            reopen: @escaping @Sendable () async throws -> any Store
        ) {
            self.store = store
            self.queue = queue
            self.clock = clock
            self.reopen = reopen
        }
    }

    /// All cases.
    package static let cases =
        deliveries + incidents + transactions + intents + snapshots + calls + restraint
        + autonomy + audit
}

extension StoreConformance {
    private static let deliveries: [ConformanceCase<Subject>] = [
        .init("an accepted delivery comes back as it was, with one job that takes it in") { subject in
            let delivery = StoreSamples.delivery(1, severity: "critical", rejected: 2)
            try await subject.store.accept(delivery)
            try expect(try await subject.store.delivery(delivery.id), delivery, "delivery")
            let jobs = try await subject.queue.claim(limit: 9, lease: .seconds(1), JobSelection())
            try expect(jobs.map(\.kind), ["intake"], "jobs")
            try expect(jobs.map(\.priority), [0], "priority")
            try expect(try jobs.map { try JobRequest.Work(payload: $0.payload) }, [.intake(delivery.id)], "work")
        },
        .init("a delivery that was never accepted is not there") { subject in
            try expect(try await subject.store.delivery(StoreSamples.delivery(1).id), nil, "delivery")
        },
        .init("a delivery accepted twice under one id is refused and does not change the first") { subject in
            let delivery = StoreSamples.delivery(1)
            try await subject.store.accept(delivery)
            try await expectCorrupt("second accept") { try await subject.store.accept(delivery) }
            try expect(try await subject.queue.counts().map(\.count), [1], "jobs")
        },
        .init("deliveries that are accepted in order are taken in in it, all of them or none") { subject in
            let order = [3, 1, 2].map { StoreSamples.delivery($0) }
            try await subject.store.accept(StoreSamples.delivery(4))
            try await expectCorrupt("one is there already") {
                try await subject.store.accept(inOrder: order + [StoreSamples.delivery(4)])
            }
            try expect(try await subject.queue.counts().map(\.count), [1], "jobs")
            try await subject.store.accept(inOrder: order)
            subject.clock.move(to: StoreSamples.start + 1_000)
            let jobs = try await subject.queue.claim(limit: 9, lease: .seconds(9), JobSelection())
            let work = try jobs.sorted { $0.id < $1.id }.map { try JobRequest.Work(payload: $0.payload) }
            try expect(work, ([StoreSamples.delivery(4)] + order).map { .intake($0.id) }, "order")
        },
        .init("everything accepted is there after a crash") { subject in
            let deliveries = (0..<50).map { StoreSamples.delivery($0, rejected: $0 % 3) }
            try await withThrowingTaskGroup { group in
                for delivery in deliveries { group.addTask { try await subject.store.accept(delivery) } }
                try await group.waitForAll()
            }
            let store = try await subject.reopen()
            for delivery in deliveries {
                try expect(try await store.delivery(delivery.id), delivery, "delivery after the crash")
            }
        },
    ]

    private static let incidents: [ConformanceCase<Subject>] = [
        .init("a committed incident comes back as it was and is found by its target") { subject in
            let incident = StoreSamples.incident(1)
            let target = StoreSamples.target()
            try expect(try await subject.store.incident(incident.id), nil, "before")
            try expect(try await subject.store.openIncident(about: target), nil, "before")
            try await subject.store.commit(StoreChange(incident: incident))
            try expect(try await subject.store.incident(incident.id), incident, "after")
            try expect(try await subject.store.openIncident(about: target), incident.id, "by target")
            let other = Target(host: target.host, kind: .unit, name: target.name)
            try expect(try await subject.store.openIncident(about: other), nil, "another kind")
        },
        .init("an open incident is idle while no job runs for it") { subject in
            var idle = StoreSamples.incident(1)
            let busy = StoreSamples.incident(2, target: nil)
            try await subject.store.commit(StoreChange(incident: idle))
            var change = StoreChange(incident: busy)
            change.jobs = [JobRequest(.diagnose(busy.id), dueAt: StoreSamples.start)]
            try await subject.store.commit(change)
            try await subject.store.accept(StoreSamples.delivery(1))
            try expect(try await subject.store.idleIncidents().contains(idle), true, "without a job")
            let jobs = try await subject.queue.claim(
                limit: 1, lease: .seconds(1), JobSelection(kinds: ["diagnose"]))
            try expect(try await subject.store.idleIncidents(), [idle], "while a job runs")
            for job in jobs { _ = try await subject.queue.deadLetter(job, reason: "given up") }
            try expect(
                Set(try await subject.store.idleIncidents().map(\.id)), [idle.id, busy.id], "after it was given up")
            idle.version += 1
            idle.phase = .closed(StoreSamples.closing)
            try await subject.store.commit(StoreChange(incident: idle))
            try expect(try await subject.store.idleIncidents(), [busy], "after one was closed")
        },
        .init("a change made from another version than the stored one is refused") { subject in
            var incident = StoreSamples.incident(1)
            try await subject.store.commit(StoreChange(incident: incident))
            try await expectConflict("the same version again") {
                try await subject.store.commit(StoreChange(incident: incident))
            }
            incident.version = 3
            try await expectConflict("a version left out") {
                try await subject.store.commit(StoreChange(incident: incident))
            }
            incident.version = 2
            try await subject.store.commit(StoreChange(incident: incident))
            try expect(try await subject.store.incident(incident.id)?.version, 2, "version")
            var unknown = StoreSamples.incident(2, target: nil)
            unknown.version = 2
            try await expectConflict("a later version of an unknown one") {
                try await subject.store.commit(StoreChange(incident: unknown))
            }
        },
        .init("of many that change the same version exactly one succeeds") { subject in
            var incident = StoreSamples.incident(1)
            try await subject.store.commit(StoreChange(incident: incident))
            incident.version = 2
            let next = incident
            let successes = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<20 {
                    group.addTask { (try? await subject.store.commit(StoreChange(incident: next))) != nil }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            try expect(successes, 1, "successes")
        },
        .init("a target has one open incident; a closed one makes room") { subject in
            var first = StoreSamples.incident(1)
            let second = StoreSamples.incident(2)
            try await subject.store.commit(StoreChange(incident: first))
            try await expectConflict("a second open one") {
                try await subject.store.commit(StoreChange(incident: second))
            }
            first.version = 2
            first.phase = .closed(StoreSamples.closing)
            try await subject.store.commit(StoreChange(incident: first))
            try expect(try await subject.store.openIncident(about: StoreSamples.target()), nil, "after closing")
            try await subject.store.commit(StoreChange(incident: second))
            try expect(try await subject.store.openIncident(about: StoreSamples.target()), second.id, "the next one")
            try await subject.store.commit(StoreChange(incident: StoreSamples.incident(3, target: nil)))
            try await subject.store.commit(StoreChange(incident: StoreSamples.incident(4, target: nil)))
        },
        .init("incidents are listed newest first, open ones alone where asked") { subject in
            for number in 1...4 {
                var incident = StoreSamples.incident(number, target: nil)
                if number == 3 { incident.phase = .closed(StoreSamples.closing) }
                try await subject.store.commit(StoreChange(incident: incident))
            }
            func ids(openOnly: Bool, limit: Int) async throws -> [IncidentID] {
                try await subject.store.incidents(openOnly: openOnly, limit: limit).map(\.id)
            }
            try expect(try await ids(openOnly: false, limit: 9), [4, 3, 2, 1].map(StoreSamples.incidentID), "all")
            try expect(try await ids(openOnly: true, limit: 2), [4, 2].map(StoreSamples.incidentID), "open ones")
            try expect(try await ids(openOnly: true, limit: 0), [], "none")
        },
        .init("timelines are paged in the order they were written") { subject in
            for number in 1...3 {
                var incident = StoreSamples.incident(number, target: nil)
                for version in 1...4 {
                    incident.version = version
                    var change = StoreChange(incident: incident)
                    change.entries = [StoreSamples.entry("\(version)a"), StoreSamples.entry("\(version)b")]
                    try await subject.store.commit(change)
                }
            }
            let all = try await subject.store.timeline(of: nil, after: 0, limit: 100)
            try expect(all.count, 24, "entries")
            try expect(all.map(\.sequence), all.map(\.sequence).sorted(), "order")
            var paged: [NumberedTimelineEntry] = []
            while true {
                let page = try await subject.store.timeline(
                    of: StoreSamples.incidentID(2), after: paged.last?.sequence ?? 0, limit: 3)
                if page.isEmpty { break }
                paged += page
            }
            try expect(paged, all.filter { $0.incident == StoreSamples.incidentID(2) }, "pages of one incident")
            try expect(paged.map(\.entry.what), ["1a", "1b", "2a", "2b", "3a", "3b", "4a", "4b"], "texts")
        },
        .init("what is known of an alert is its newest record") { subject in
            let alert = StoreSamples.alert(1)
            try expect(try await subject.store.alertRecord(of: alert.labels), nil, "before")
            var known: AlertRecord?
            for minute in 1...2 {
                let record = AlertRecord(
                    alert: alert, incident: minute == 1 ? nil : StoreSamples.incidentID(1),
                    writtenAt: StoreSamples.start + Double(minute * 60), report: Int64(minute))
                var change = StoreChange()
                change.alerts = [AlertUpdate(record, replacing: known)]
                try await subject.store.commit(change)
                try expect(try await subject.store.alertRecord(of: alert.labels), record, "record")
                known = record
            }
        },
        .init("what is known of an alert is replaced only by who read it, and nothing of a change remains otherwise") {
            subject in
            func record(_ report: Int64) -> AlertRecord { StoreSamples.record(1, report: report) }
            func write(_ report: Int64, replacing known: AlertRecord?) async throws {
                var change = StoreChange(incident: StoreSamples.incident(Int(report), target: nil))
                change.alerts = [AlertUpdate(record(report), replacing: known)]
                try await subject.store.commit(change)
            }
            let labels = record(1).alert.labels
            try await expectConflict("a record that is not there") { try await write(2, replacing: record(1)) }
            try await write(3, replacing: nil)
            try await expectConflict("two saw none") { try await write(4, replacing: nil) }
            try await write(5, replacing: record(3))
            try await expectConflict("two saw the third") { try await write(6, replacing: record(3)) }
            try expect(try await subject.store.alertRecord(of: labels), record(5), "record")
            for report in [2, 4, 6] {
                try expect(try await subject.store.incident(StoreSamples.incidentID(report)), nil, "incident \(report)")
            }
        },
    ]
}

extension StoreConformance {
    private static func claimedIntake(_ subject: Subject, at seconds: Double = 0) async throws -> JobClaim {
        subject.clock.move(to: StoreSamples.start + seconds)
        let claimed = try await subject.queue.claim(
            limit: 1, lease: .seconds(60), JobSelection(kinds: ["intake"]))
        guard let job = claimed.first else { throw BrokenPromise(description: "no intake job to claim") }
        return JobClaim(job: job.id, token: job.token)
    }

    private static let transactions: [ConformanceCase<Subject>] = [
        .init("a job ends in the transaction of its result") { subject in
            try await subject.store.accept(StoreSamples.delivery(1))
            var change = StoreChange(incident: StoreSamples.incident(1))
            change.completing = try await claimedIntake(subject)
            change.jobs = [JobRequest(.diagnose(StoreSamples.incidentID(1)), dueAt: StoreSamples.start)]
            try await subject.store.commit(change)
            try expect(
                try await subject.queue.counts(), [JobCount(kind: "diagnose", state: .ready, count: 1)], "jobs")
        },
        .init("the result of a lost claim is not recorded") { subject in
            try await subject.store.accept(StoreSamples.delivery(1))
            var change = StoreChange(incident: StoreSamples.incident(1))
            change.completing = try await claimedIntake(subject)
            let current = try await claimedIntake(subject, at: 60)
            try await expectError("a stale claim", where: { $0 == StoreError.claimLost }) {
                try await subject.store.commit(change)
            }
            try expect(try await subject.store.incident(StoreSamples.incidentID(1)), nil, "incident")
            change.completing = current
            try await subject.store.commit(change)
            change.incident?.version = 2
            try await expectError("a claim used twice", where: { $0 == StoreError.claimLost }) {
                try await subject.store.commit(change)
            }
            try expect(try await subject.store.incident(StoreSamples.incidentID(1))?.version, 1, "version")
        },
        .init("a change that fails leaves nothing of itself") { subject in
            try await subject.store.accept(StoreSamples.delivery(1))
            let claim = try await claimedIntake(subject)
            var change = StoreChange(incident: StoreSamples.incident(1))
            change.entries = [StoreSamples.entry("x")]
            change.jobs = [JobRequest(.diagnose(StoreSamples.incidentID(1)), dueAt: StoreSamples.start)]
            change.alerts = [AlertUpdate(StoreSamples.record(7), replacing: nil)]
            change.intent = StoreSamples.intent(1)
            change.completing = claim
            // Only the very last part of it fails: a receipt for an intent that does not exist.
            change.receipt = (StoreSamples.intent(99).id, Receipt(ending: .timedOut))
            try await expectCorrupt("the change") { try await subject.store.commit(change) }
            try expect(try await subject.store.incident(StoreSamples.incidentID(1)), nil, "incident")
            try expect(try await subject.store.timeline(of: nil, after: 0, limit: 9), [], "timeline")
            try expect(try await subject.store.alertRecord(of: StoreSamples.alert(7).labels), nil, "alert")
            try expect(
                try await subject.queue.counts(), [JobCount(kind: "intake", state: .claimed, count: 1)], "jobs")
            change.receipt = nil
            try await subject.store.commit(change)
            try expect(try await subject.store.timeline(of: nil, after: 0, limit: 9).count, 1, "timeline after all")
        },
        .init("a claim is held until its job ends or somebody else has it") { subject in
            try await subject.store.accept(StoreSamples.delivery(1))
            let claim = try await claimedIntake(subject)
            try expect(try await subject.store.isHeld(claim.token), true, "held")
            try expect(try await subject.store.isHeld(claim.token + 1), false, "a token of nobody")
            subject.clock.move(to: StoreSamples.start + 1_000)
            try expect(try await subject.store.isHeld(claim.token), true, "its lease ran out, nobody else has it")
            let next = try await claimedIntake(subject, at: 1_000)
            try expect(try await subject.store.isHeld(claim.token), false, "somebody else has it")
            try expect(try await subject.store.isHeld(next.token), true, "the next")
            var done = StoreChange()
            done.completing = next
            try await subject.store.commit(done)
            try expect(try await subject.store.isHeld(next.token), false, "done")
        },
        .init("asking for the same work twice gives one job, at the earlier time") { subject in
            for delay in [30.0, 10, 20] {
                var change = StoreChange()
                change.jobs = [
                    JobRequest(.observe(StoreSamples.incidentID(1), round: 1), dueAt: StoreSamples.start + delay)
                ]
                try await subject.store.commit(change)
            }
            try expect(
                try await subject.queue.untilNextDue(JobSelection()).map { Int(($0 / .seconds(1)).rounded()) }, 10,
                "due")
            try expect(try await subject.queue.counts().map(\.count), [1], "jobs")
        },
        .init("entries without their incident are refused") { subject in
            var change = StoreChange()
            change.entries = [StoreSamples.entry("x")]
            try await expectCorrupt("the change") { try await subject.store.commit(change) }
        },
    ]

    private static let intents: [ConformanceCase<Subject>] = [
        .init("an intent is recorded once and gets one receipt") { subject in
            let receipt = Receipt(ending: .exited(status: 0), standardOutput: "ok", seconds: 1.5)
            var incident = StoreSamples.incident(1)
            var change = StoreChange(incident: incident)
            change.intent = StoreSamples.intent(1)
            try await subject.store.commit(change)
            incident.version = 2
            change.incident = incident
            try await expectCorrupt("the same intent again") { try await subject.store.commit(change) }
            change.intent = nil
            change.receipt = (StoreSamples.intent(1).id, receipt)
            try await subject.store.commit(change)
            incident.version = 3
            change.incident = incident
            try await expectCorrupt("a second receipt") { try await subject.store.commit(change) }
            try expect(try await subject.store.incident(incident.id)?.version, 2, "version")
        },
        .init("an intent of an unknown incident is refused") { subject in
            var change = StoreChange()
            change.intent = StoreSamples.intent(1)
            try await expectCorrupt("the change") { try await subject.store.commit(change) }
        },
        .init("everything committed is there after a crash") { subject in
            var change = StoreChange(incident: StoreSamples.incident(1))
            change.entries = [StoreSamples.entry("opened")]
            change.intent = StoreSamples.intent(1)
            change.alerts = [AlertUpdate(StoreSamples.record(7), replacing: nil)]
            try await subject.store.commit(change)
            let store = try await subject.reopen()
            try expect(try await store.incident(StoreSamples.incidentID(1)), change.incident, "incident")
            let entries = try await store.timeline(of: StoreSamples.incidentID(1), after: 0, limit: 9)
            try expect(entries.map(\.entry), change.entries, "timeline")
            try expect(
                try await store.alertRecord(of: StoreSamples.alert(7).labels), change.alerts.first?.record, "alert")
            try await expectCorrupt("the intent again") {
                var again = StoreChange()
                again.intent = StoreSamples.intent(1)
                try await store.commit(again)
            }
        },
    ]

    private static func expectConflict(
        _ what: String, line: Int = #line, _ body: () async throws -> Void
    ) async throws {
        try await expectError(what, line: line, where: { $0 == StoreError.versionConflict }, body)
    }

    static func expectCorrupt(_ what: String, line: Int = #line, _ body: () async throws -> Void) async throws {
        try await expectError(
            what, line: line,
            where: { (error: StoreError) in if case .corrupt = error { true } else { false } }, body)
    }
}
