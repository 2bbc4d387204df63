// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import Foundation
import JarvisCore
import JarvisSQLite
import JarvisTestSupport
import Synchronization
import Testing

@Suite struct `Questions to the SQLite store` {
    private func withStore(_ body: (SQLiteStore) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            try await body(SQLiteStore(try await SQLiteDatabase(path: directory + "/jarvis.sqlite")))
        }
    }

    @Test func `an incident is found by the beginning of its id when that is unique`() async throws {
        try await withStore { store in
            for number in 1...2 {
                try await store.commit(StoreChange(incident: StoreSamples.incident(number, target: nil)))
            }
            let id = StoreSamples.incidentID(1).description
            #expect(try await store.incident(idPrefix: id)?.id.description == id)
            #expect(try await store.incident(idPrefix: String(id.dropLast()))?.id.description == id)
            #expect(try await store.incident(idPrefix: String(id.prefix(4))) == nil)
            for hostile in ["", "%", "_", "g", "'", id + "0", "\u{0}"] {
                #expect(try await store.incident(idPrefix: hostile) == nil)
            }
        }
    }

    @Test func `intents are listed with what came back, and those without receipt by themselves`() async throws {
        try await withStore { store in
            var change = StoreChange(incident: StoreSamples.incident(1))
            change.intent = StoreSamples.intent(1)
            try await store.commit(change)
            change = StoreChange()
            change.intent = StoreSamples.intent(2)
            let receipt = Receipt(ending: .unknown(reason: "lost"), standardOutput: "\u{0}x", seconds: 2)
            change.receipt = (StoreSamples.intent(1).id, receipt)
            try await store.commit(change)
            #expect(
                try await store.intents(of: StoreSamples.incidentID(1)) == [
                    Incident.Attempt(intent: StoreSamples.intent(1), receipt: receipt),
                    Incident.Attempt(intent: StoreSamples.intent(2)),
                ])
            #expect(try await store.pendingIntents() == [StoreSamples.intent(2)])
            #expect(try await store.intents(of: StoreSamples.incidentID(2)) == [])
        }
    }

    @Test func `rejected alerts are listed newest first`() async throws {
        try await withStore { store in
            for number in 1...2 { try await store.accept(StoreSamples.delivery(number, rejected: 2)) }
            let listed = try await store.rejectedAlerts(limit: 3)
            #expect(listed.map(\.delivery) == [2, 2, 1].map { StoreSamples.delivery($0).id })
            #expect(listed.map(\.alert.index) == [2, 1, 2])
        }
    }

    @Test func `alerts that share a fingerprint stay apart`() async throws {
        // The hash is 0 after this name, and a byte of 0 keeps it there.
        let name = "77kepQFQ8Kl"
        let twins = [name, name + "\u{0}"].map { LabelSet([$0: "v"]) }
        try #require(Fingerprint(of: twins[0]) == Fingerprint(of: twins[1]))
        try await withStore { store in
            var change = StoreChange()
            change.alerts = twins.enumerated().map { number, labels in
                let record = AlertRecord(
                    alert: Alert(labels: labels, state: .firing, startsAt: StoreSamples.start),
                    incident: StoreSamples.incidentID(number), writtenAt: StoreSamples.start + Double(number), report: 1
                )
                return AlertUpdate(record, replacing: nil)
            }
            try await store.commit(change)
            for (labels, update) in zip(twins, change.alerts) {
                #expect(try await store.alertRecord(of: labels) == update.record)
            }
            #expect(try await store.statistics().alerts == 2)
        }
    }

    @Test func `everything is counted`() async throws {
        try await withStore { store in
            try await store.accept(StoreSamples.delivery(1, rejected: 2))
            var closed = StoreSamples.incident(2)
            closed.phase = .closed(StoreSamples.closing)
            try await store.commit(StoreChange(incident: closed))
            var change = StoreChange(incident: StoreSamples.incident(1))
            change.entries = [StoreSamples.entry("x")]
            change.intent = StoreSamples.intent(1)
            try await store.commit(change)
            let found = try await store.statistics()
            #expect((found.deliveries, found.rejectedAlerts, found.alerts) == (1, 2, 0))
            #expect((found.incidents, found.openIncidents) == (2, 1))
            #expect((found.timelineEntries, found.pendingIntents) == (1, 1))
            #expect(found.databaseBytes > 4096)
        }
    }

    @Test func `old deliveries are removed once they were taken in, and the file shrinks`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await SQLiteDatabase(path: directory + "/jarvis.sqlite")
            let store = SQLiteStore(database)
            let queue = SQLiteJobQueue(database)
            for number in 1...300 { try await store.accept(StoreSamples.delivery(number, rejected: 2)) }
            let later = StoreSamples.start + 60
            #expect(try await store.pruneDeliveries(before: later) == 0)
            let taken = try await queue.claim(limit: 290, lease: .seconds(60), JobSelection())
            for job in taken { _ = try await queue.complete(job) }
            let before = try await store.statistics()
            #expect(try await store.pruneDeliveries(before: StoreSamples.start - 60) == 0)
            #expect(try await store.pruneDeliveries(before: later, limit: 200) == 200)
            #expect(try await store.pruneDeliveries(before: later, limit: 200) == 90)
            let after = try await store.statistics()
            #expect((after.deliveries, after.rejectedAlerts) == (10, 20))
            #expect(after.databaseBytes < before.databaseBytes)
            #expect(try await store.delivery(StoreSamples.delivery(300).id) != nil)
        }
    }

    @Test func `the queue is told after commits that brought work, and only then`() async throws {
        try await withTemporaryDirectory { directory in
            let calls = Mutex(0)
            let database = try await SQLiteDatabase(path: directory + "/jarvis.sqlite")
            let store = SQLiteStore(database) { calls.withLock { $0 += 1 } }
            try await store.accept(StoreSamples.delivery(1))
            try await store.commit(StoreChange(incident: StoreSamples.incident(1)))
            await #expect(throws: StoreError.self) { try await store.accept(StoreSamples.delivery(1)) }
            #expect(calls.withLock { $0 } == 1)
            var change = StoreChange()
            change.jobs = [JobRequest(.diagnose(StoreSamples.incidentID(1)), dueAt: StoreSamples.start)]
            try await store.commit(change)
            #expect(calls.withLock { $0 } == 2)
        }
    }
}
