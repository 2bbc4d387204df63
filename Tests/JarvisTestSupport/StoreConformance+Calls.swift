// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import FoundationEssentials
import JarvisCore

extension StoreConformance {
    /// Intents for services' APIs, which share what is promised of those of steps, and count for no host.
    static let calls: [ConformanceCase<Subject>] = [
        .init("an intent for an API is written once and has one receipt") { subject in
            try await subject.store.commit(change(1))
            try await expectCorrupt("the same intent again") { try await subject.store.commit(change(1, version: 2)) }
            let store = try await subject.reopen()
            try expect(try await store.incident(StoreSamples.incidentID(1))?.version, 1, "nothing of it was written")
            try await subject.store.commit(answer(1, version: 2))
            try await expectCorrupt("a second receipt") { try await subject.store.commit(answer(1, version: 3)) }
            try await expectCorrupt("a receipt without intent") {
                try await subject.store.commit(answer(2, version: 3))
            }
        },
        .init("an incident comes back with its silences") { subject in
            var incident = StoreSamples.incident(1)
            incident.silences = [
                Silence(
                    labels: StoreSamples.alert(1).labels, by: "ada", reason: "r", endsAt: StoreSamples.start + 3_600,
                    due: StoreSamples.start)
            ]
            incident.silences[0].state = .creating(intent(1))
            incident.silences[0].end = .person("bob")
            try await subject.store.commit(StoreChange(incident: incident))
            let store = try await subject.reopen()
            try expect(try await store.incident(incident.id), incident, "incident")
        },
        .init("an incident with a silence that something is to be done about is found, closed or not") { subject in
            var incident = StoreSamples.incident(1)
            try await subject.store.commit(StoreChange(incident: incident))
            try expect(try await subject.store.incidentsWithSilenceWork(), [], "without a silence")
            incident.silences = [
                Silence(
                    labels: StoreSamples.alert(1).labels, by: "ada", reason: "r", endsAt: StoreSamples.start + 3_600,
                    due: StoreSamples.start)
            ]
            incident.version += 1
            try await subject.store.commit(StoreChange(incident: incident))
            try expect(try await subject.store.incidentsWithSilenceWork(), [incident], "while it is open")
            incident.phase = .closed(StoreSamples.closing)
            incident.version += 1
            try await subject.store.commit(StoreChange(incident: incident))
            let store = try await subject.reopen()
            try expect(try await store.incidentsWithSilenceWork(), [incident], "after it was closed")
            incident.version += 1
            incident.silences[0].due = nil
            try await subject.store.commit(StoreChange(incident: incident))
            try expect(try await subject.store.incidentsWithSilenceWork(), [], "with nothing to do")
        },
        .init("a hold for everywhere keeps it back, one of a host does not") { subject in
            for mode in [Hold.Mode.pause, .dryRun] {
                let hold = Hold(mode: mode, host: nil, by: "bob", reason: "", since: StoreSamples.start - 9)
                try await subject.store.place(hold)
                try await expectError("the intent", where: { $0 == StoreError.restrained(.held(hold)) }) {
                    try await subject.store.commit(change(1))
                }
                try expect(try await subject.store.incident(StoreSamples.incidentID(1)), nil, "incident")
                _ = try await subject.store.lift(mode, host: nil, by: "bob", at: StoreSamples.start)
            }
            try await subject.store.place(
                Hold(mode: .pause, host: .local, by: "bob", reason: "", since: StoreSamples.start - 9))
            try await subject.store.commit(change(1))
        },
        .init("no hold keeps the end of a silence back") { subject in
            for (number, mode) in [Hold.Mode.pause, .dryRun].enumerated() {
                try await subject.store.place(
                    Hold(mode: mode, host: nil, by: "bob", reason: "", since: StoreSamples.start - 9))
                try await subject.store.commit(change(number + 1, version: number + 1, .endSilence))
            }
        },
        .init("it takes no place of a step") { subject in
            try await subject.store.commit(change(1))
            let since = StoreSamples.start - 60
            try expect(
                try await subject.store.stepCounts(on: StoreSamples.target(), since: since), StepCounts(), "counts")
        },
        .init("a job about silences does not make an incident busy") { subject in
            let incident = StoreSamples.incident(1)
            var change = StoreChange(incident: incident)
            change.jobs = [JobRequest(.silence(incident.id), dueAt: StoreSamples.start)]
            try await subject.store.commit(change)
            try expect(try await subject.store.idleIncidents(), [incident], "while it waits")
            let jobs = try await subject.queue.claim(limit: 1, lease: .seconds(9), JobSelection(kinds: ["silence"]))
            try expect(jobs.count, 1, "claimed")
            try expect(try await subject.store.idleIncidents(), [incident], "while it runs")
        },
    ]

    private static func intent(_ number: Int, _ change: APIIntent.Change = .createSilence) -> APIIntent {
        APIIntent(
            id: StoreSamples.id(number), incident: StoreSamples.incidentID(1), step: 0, attempt: 1,
            change: change, digest: "d", fencingToken: 7, recordedAt: StoreSamples.start + Double(number),
            deadlineSeconds: 10)
    }

    private static func change(
        _ number: Int, version: Int = 1, _ asked: APIIntent.Change = .createSilence
    ) -> StoreChange {
        var subject = StoreSamples.incident(1)
        subject.version = version
        var change = StoreChange(incident: subject)
        change.apiIntent = intent(number, asked)
        return change
    }

    private static func answer(_ number: Int, version: Int) -> StoreChange {
        var subject = StoreSamples.incident(1)
        subject.version = version
        var change = StoreChange(incident: subject)
        change.apiReceipt = (intent(number), APIReceipt(.refused(UntrustedText("odd: \u{0}\u{202E}"))))
        return change
    }
}
