// SPDX-License-Identifier: Apache-2.0

package import DurableQueue
import FoundationEssentials
package import JarvisCore

/// The promises of the ports that a person's commands and the process itself use, for every store that is durable;
/// each case wants a fresh one.
package enum OperatingConformance {
    /// A store and its queue.
    package struct Subject: Sendable {
        /// The store.
        package let store: any Store
        /// Its jobs.
        package let queue: any JobQueueDriver

        /// Describes a store under test.
        package init(store: any Store, queue: any JobQueueDriver) {
            self.store = store
            self.queue = queue
        }
    }

    /// All cases.
    package static let cases = credentials + upkeep + retention + givenUpJobs
}

extension OperatingConformance {
    private static let credentials: [ConformanceCase<Subject>] = [
        .init("digests are saved once, all or none") { subject in
            let store = subject.store
            try expect(try await store.credential("admin'"), nil, "before")
            try expect(
                try await store.saveCredentials(["admin'": "one", "sender": "two"], at: StoreSamples.start), true, "new"
            )
            try expect(
                try await store.saveCredentials(["other": "three", "sender": "four"], at: StoreSamples.start), false,
                "one is there")
            try expect(try await store.credential("admin'"), "one", "the first")
            try expect(try await store.credential("sender"), "two", "the second")
            try expect(try await store.credential("other"), nil, "beside one that was there")
        },
        .init("of many who save at once one is told that it did, and all of its digests are there") { subject in
            let winners = await withTaskGroup(of: Int?.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        let digests = ["operator": "o\(number)", "sender": "s\(number)"]
                        let saved = try? await subject.store.saveCredentials(digests, at: StoreSamples.start)
                        return saved == true ? number : nil
                    }
                }
                return await group.reduce(into: [Int]()) { if let number = $1 { $0.append(number) } }
            }
            try expect(winners.count, 1, "winners")
            try expect(try await subject.store.credential("operator"), winners.first.map { "o\($0)" }, "operator")
            try expect(try await subject.store.credential("sender"), winners.first.map { "s\($0)" }, "sender")
        },
    ]

    private static let upkeep: [ConformanceCase<Subject>] = [
        .init("it counts what there is and can be written to") { subject in
            let empty = try await subject.store.statistics()
            try expect(empty.deliveries + empty.incidents + empty.timelineEntries, 0, "an empty store")
            try await subject.store.accept(StoreSamples.delivery(1, rejected: 2))
            try await subject.store.commit(StoreChange(incident: StoreSamples.incident(1)))
            try await subject.store.probeWrite()
            let statistics = try await subject.store.statistics()
            try expect(statistics.deliveries, 1, "deliveries")
            try expect(statistics.rejectedAlerts, 2, "rejected alerts")
            try expect(statistics.openIncidents, 1, "open incidents")
            try expect(statistics.databaseBytes > 0, true, "bytes")
            _ = try await subject.queue.claim(limit: 1, lease: .seconds(60), JobSelection())
            try await subject.store.accept(StoreSamples.delivery(2))
            let load = try await subject.store.load()
            try expect(
                load.depths,
                [.init(kind: "intake", state: "claimed", count: 1), .init(kind: "intake", state: "ready", count: 1)],
                "jobs")
            try expect(load.oldestDue != nil, true, "when the one that waits became due")
            try expect(load.openIncidents, 1, "open incidents")
            try expect(load.databaseBytes > 0, true, "bytes")
        },
        .init("old deliveries go, but none whose intake is to be done or was given up") { subject in
            for number in 0..<4 { try await subject.store.accept(StoreSamples.delivery(number)) }
            let later = StoreSamples.start.addingTimeInterval(86_400)
            try expect(try await subject.store.pruneDeliveries(before: later, limit: 9), 0, "while all wait")
            for (number, job) in try await subject.queue.claim(limit: 3, lease: .seconds(60), JobSelection())
                .enumerated()
            {
                if number == 0 {
                    _ = try await subject.queue.deadLetter(job, reason: "given up")
                } else {
                    _ = try await subject.queue.complete(job)
                }
            }
            let before = StoreSamples.start.addingTimeInterval(-86_400)
            try expect(try await subject.store.pruneDeliveries(before: before, limit: 9), 0, "before they came")
            try expect(try await subject.store.pruneDeliveries(before: later, limit: 9), 2, "what was taken in")
            try expect(try await subject.store.statistics().deliveries, 2, "what is left")
        },
    ]

    private static let retention: [ConformanceCase<Subject>] = [
        .init("old snapshots go by themselves, and the others with their incident") { subject in
            let store = subject.store
            var incident = StoreSamples.incident(1, target: nil)
            for number in 1...3 {
                incident.version = number
                var change = StoreChange(incident: incident)
                change.intent = StoreSamples.intent(number)
                change.snapshot = StoreSamples.snapshot(number)
                try await store.commit(change)
            }
            let end = StoreSamples.start.addingTimeInterval(2.5)
            try expect(try await store.pruneSnapshots(before: end, limit: 1), 1, "one at a time")
            try expect(try await store.pruneSnapshots(before: end, limit: 9), 1, "the other old one")
            try expect(try await store.snapshots(of: nil, limit: 9), [StoreSamples.snapshot(3)], "what is left")
            incident.version = 4
            incident.phase = .closed(StoreSamples.closing)
            try await store.commit(StoreChange(incident: incident))
            let later = StoreSamples.start.addingTimeInterval(100_000)
            try expect(try await store.pruneIncidents(before: later, limit: 9), 1, "the incident")
            try expect(try await store.snapshots(of: nil, limit: 9), [], "after it")
        },
        .init("old incidents go with all that is theirs, but none that is open or whose alert was written since") {
            subject in
            let store = subject.store
            let end = StoreSamples.start.addingTimeInterval(100_000)
            func write(_ number: Int, closed: Bool, writtenAt: Date) async throws {
                var incident = StoreSamples.incident(number, target: nil)
                var change = StoreChange(incident: incident)
                change.entries = [StoreSamples.entry("opened")]
                if number == 1 { change.intent = StoreSamples.intent(number) }
                let record = AlertRecord(
                    alert: StoreSamples.alert(number), incident: incident.id, writtenAt: writtenAt, report: 1)
                change.alerts = [AlertUpdate(record, replacing: nil)]
                try await store.commit(change)
                guard closed else { return }
                incident.version += 1
                incident.phase = .closed(StoreSamples.closing)
                try await store.commit(StoreChange(incident: incident))
            }
            try await write(1, closed: true, writtenAt: StoreSamples.start)
            try await write(2, closed: false, writtenAt: StoreSamples.start)
            try await write(3, closed: true, writtenAt: end)
            try await write(4, closed: true, writtenAt: StoreSamples.start)
            try expect(try await store.statistics().pendingIntents, 1, "steps")
            try expect(try await store.pruneIncidents(before: StoreSamples.start, limit: 9), 0, "before they came")
            try expect(try await store.pruneIncidents(before: end, limit: 1), 1, "one at a time")
            try expect(try await store.pruneIncidents(before: end, limit: 9), 1, "the other")
            try expect(try await store.pruneIncidents(before: end, limit: 9), 0, "nothing more")
            for number in 1...4 {
                let id = StoreSamples.incidentID(number)
                let isKept = [2, 3].contains(number)
                try expect(try await store.incident(id) != nil, isKept, "incident \(number)")
                try expect(
                    try await store.timeline(of: id, after: 0, limit: 9).isEmpty, !isKept, "history of \(number)")
                try expect(
                    try await store.alertRecord(of: StoreSamples.alert(number).labels) != nil, isKept,
                    "alert of \(number)")
            }
            try expect(try await store.statistics().pendingIntents, 0, "steps that are left")
        },
        .init("old alerts that no incident is about go, others stay") { subject in
            let store = subject.store
            let end = StoreSamples.start.addingTimeInterval(100_000)
            var change = StoreChange()
            for number in 1...5 {
                let record = AlertRecord(
                    alert: StoreSamples.alert(number), incident: number == 4 ? StoreSamples.incidentID(4) : nil,
                    writtenAt: number == 5 ? end : StoreSamples.start, report: 1)
                change.alerts.append(AlertUpdate(record, replacing: nil))
            }
            try await store.commit(change)
            try expect(try await store.pruneAlerts(before: StoreSamples.start, limit: 9), 0, "before they came")
            try expect(try await store.pruneAlerts(before: end, limit: 2), 2, "two at a time")
            try expect(try await store.pruneAlerts(before: end, limit: 9), 1, "the other")
            try expect(try await store.statistics().alerts, 2, "what is left")
            for number in 4...5 {
                try expect(
                    try await store.alertRecord(of: StoreSamples.alert(number).labels) != nil, true, "alert \(number)")
            }
        },
    ]

    /// Deliveries whose intake was given up; the numbers of their jobs, in order.
    private static func giveUp(_ count: Int, in subject: Subject) async throws -> [Int64] {
        for number in 0..<count { try await subject.store.accept(StoreSamples.delivery(number)) }
        let claims = try await subject.queue.claim(limit: count, lease: .seconds(60), JobSelection())
        for claim in claims {
            try expect(try await subject.queue.deadLetter(claim, reason: "number \(claim.id)"), true, "given up")
        }
        return claims.map(\.id).sorted()
    }

    private static let givenUpJobs: [ConformanceCase<Subject>] = [
        .init("given-up jobs are listed with what they were about and why, newest first") { subject in
            let jobs = try await giveUp(3, in: subject)
            try await subject.store.accept(StoreSamples.delivery(9))
            let overview = try await subject.store.queueOverview(limit: 2)
            try expect(
                overview.depths,
                [.init(kind: "intake", state: "dead", count: 3), .init(kind: "intake", state: "ready", count: 1)],
                "depths")
            try expect(overview.givenUp.map(\.job), [jobs[2], jobs[1]], "jobs")
            try expect(overview.givenUp.map(\.reason), ["number \(jobs[2])", "number \(jobs[1])"], "reasons")
            try expect(overview.givenUp.map(\.attempts), [1, 1], "attempts")
            let subjects = Set((0..<3).map { StoreSamples.delivery($0).id.description })
            try expect(
                overview.givenUp.allSatisfy { subjects.contains($0.subject ?? "") }, true, "what they are about")
            try expect(overview.oldestDue != nil, true, "when the one that waits became due")
        },
        .init("given-up jobs are tried again with all their attempts when a person says so, on record") { subject in
            let jobs = try await giveUp(3, in: subject)
            let store = subject.store
            try expect(try await store.retryGivenUp(jobs[0], by: "ada", at: StoreSamples.start), 1, "one")
            try expect(try await store.retryGivenUp(jobs[0], by: "ada", at: StoreSamples.start), 0, "the same again")
            try expect(try await store.retryGivenUp(nil, by: "eve", at: StoreSamples.start), 2, "all others")
            try expect(try await store.retryGivenUp(nil, by: "eve", at: StoreSamples.start), 0, "none left")
            try expect(try await store.queueOverview(limit: 9).givenUp, [], "given up")
            let records = try await AuditChain.records(of: store)
            try expect(records.map(\.event), [.retry, .retry, .retry], "records")
            try expect(records.map(\.job), jobs, "their jobs")
            try expect(records.map(\.actor), [.person("ada"), .person("eve"), .person("eve")], "who decided")
            try expect(records.first?.why, "intake, given up: number \(jobs[0])", "why")
            let again = try await subject.queue.claim(limit: 9, lease: .seconds(60), JobSelection())
            try expect(again.map(\.attempts), [1, 1, 1], "attempts")
        },
        .init("given-up jobs are dropped one by one, on record; others never") { subject in
            let jobs = try await giveUp(2, in: subject)
            let store = subject.store
            try await store.accept(StoreSamples.delivery(9))
            try expect(try await store.dropGivenUp(jobs[1], by: "ada", at: StoreSamples.start), true, "one")
            for job in [jobs[1], jobs[1] + 1, -1] {
                try expect(try await store.dropGivenUp(job, by: "ada", at: StoreSamples.start), false, "job \(job)")
            }
            let overview = try await store.queueOverview(limit: 9)
            try expect(overview.givenUp.map(\.job), [jobs[0]], "given up")
            try expect(overview.depths.map(\.count), [1, 1], "depths")
            let records = try await AuditChain.records(of: store)
            try expect(records.map(\.event), [.drop], "records")
            try expect(records.first?.job, jobs[1], "its job")
        },
    ]
}
