// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore

extension StoreConformance {
    /// Snapshots, which are written with the intent of their step or not at all.
    static let snapshots: [ConformanceCase<Subject>] = [
        .init("a snapshot is there with its intent, and comes back as it was sealed") { subject in
            try await subject.store.commit(change(1))
            let store = try await subject.reopen()
            try expect(try await store.snapshot(before: StoreSamples.id(1)), StoreSamples.snapshot(1), "by its step")
            try expect(try await store.snapshot(before: StoreSamples.id(2)), nil, "of another step")
        },
        .init("no snapshot is written when its intent is not") { subject in
            let hold = Hold(mode: .pause, host: nil, by: "bob", reason: "", since: StoreSamples.start - 9)
            try await subject.store.place(hold)
            try await expectError("the intent", where: { $0 == StoreError.restrained(.held(hold)) }) {
                try await subject.store.commit(change(1))
            }
            try expect(try await subject.store.snapshots(of: nil, limit: 9), [], "snapshots")
        },
        .init("snapshots are listed newest first, of one incident or of all") { subject in
            for number in 1...3 { try await subject.store.commit(change(number, version: number)) }
            let store = try await subject.reopen()
            let newest = [StoreSamples.snapshot(3), StoreSamples.snapshot(2)]
            try expect(try await store.snapshots(of: StoreSamples.incidentID(1), limit: 2), newest, "of its incident")
            try expect(try await store.snapshots(of: nil, limit: 2), newest, "of all")
            try expect(try await store.snapshots(of: StoreSamples.incidentID(2), limit: 2), [], "of another one")
        },
    ]

    private static func change(_ number: Int, version: Int = 1) -> StoreChange {
        var incident = StoreSamples.incident(1)
        incident.version = version
        var change = StoreChange(incident: incident)
        change.intent = StoreSamples.intent(number)
        change.snapshot = StoreSamples.snapshot(number)
        return change
    }
}
