// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FoundationEssentials
import JarvisCore

extension StoreConformance {
    static let audit: [ConformanceCase<Subject>] = [
        .init("records are kept in order as one chain, also after a crash") { subject in
            try expect(try await AuditChain.records(of: subject.store), [], "before")
            for number in 1...3 { try await subject.store.commit(change([number * 2, number * 2 + 1])) }
            let store = try await subject.reopen()
            try expect(
                try await AuditChain.records(of: store), (2...7).map { StoreSamples.auditRecord($0) }, "records")
            let page = try await store.auditEntries(after: 2, limit: 3)
            try expect(page.map(\.sequence), [3, 4, 5], "a page")
            try expect(try await store.auditEntries(after: 6, limit: 9), [], "after the end")
            try expect(try await store.auditEntries(after: 0, limit: -1), [], "a limit below 0")
        },
        .init("a change that fails leaves no record, and the next one goes on where the last one was kept") { subject in
            try await subject.store.commit(change([1]))
            var broken = change([2])
            broken.receipt = (StoreSamples.intent(99).id, Receipt(ending: .timedOut))
            do { try await subject.store.commit(broken) } catch StoreError.corrupt {}
            var conflict = change([3])
            conflict.incident = StoreSamples.incident(1)
            conflict.incident?.version = 9
            do { try await subject.store.commit(conflict) } catch StoreError.versionConflict {}
            try await subject.store.place(pause)
            var held = change([4])
            held.incident = StoreSamples.incident(1)
            held.intent = StoreSamples.intent(1)
            do { try await subject.store.commit(held) } catch StoreError.restrained {}
            try await subject.store.commit(change([5]))
            let records = try await AuditChain.records(of: subject.store)
            try expect(records.map(\.event), [.intent, .hold, .intent], "events")
            try expect(records.map(\.command), ["number 1", nil, "number 5"], "commands")
        },
        .init("holds and what lifts them are recorded with who, why and where") { subject in
            let now = StoreSamples.start + 9
            try await subject.store.place(pause)
            _ = try await subject.store.lift(.dryRun, host: nil, by: "eve", at: now)
            _ = try await subject.store.lift(.pause, host: .local, by: "bob", at: now)
            let records = try await AuditChain.records(of: subject.store)
            try expect(
                records, [.placing(pause), .lifting(.pause, host: .local, by: "bob", at: now)], "records")
            try expect(records.map(\.actor), [.person("ada"), .person("bob")], "persons")
            try expect(records.first?.why, "because", "reason")
            try expect(records.first?.until, RFC3339.format(now), "end")
        },
        .init("decisions about autonomy and their end are recorded with who decided") { subject in
            let rule = AutonomyPolicy.Rule(level: .auto, maximumClass: .disruptive, host: .local, pattern: "p")
            let now = StoreSamples.start
            _ = try await subject.store.resetAutonomy(by: "eve", at: now)
            try await subject.store.setAutonomy(rule, by: "ada", at: now)
            _ = try await subject.store.resetAutonomy(by: "bob", at: now + 1)
            let records = try await AuditChain.records(of: subject.store)
            try expect(
                records, [.deciding(rule, by: "ada", at: now), .forgetting(1, by: "bob", at: now + 1)], "records")
            try expect(records.first?.level, .auto, "level")
            try expect(records.first?.commandClass, .disruptive, "class")
        },
        .init("many who write at once make one chain, in which nothing is lost or doubled") { subject in
            let kept = await withTaskGroup(of: Int?.self) { group in
                for number in 1...200 {
                    group.addTask {
                        var change = change([number])
                        // Every fourth one fails, after others of its group and before others.
                        if number.isMultiple(of: 4) {
                            change.receipt = (StoreSamples.intent(99).id, Receipt(ending: .timedOut))
                        }
                        return (try? await subject.store.commit(change)) == nil ? nil : number
                    }
                }
                return await group.reduce(into: []) { $0 += $1.map { [$0] } ?? [] }
            }
            let records = try await AuditChain.records(of: subject.store)
            try expect(
                records.compactMap(\.command).sorted(), kept.map { "number \($0)" }.sorted(), "records")
            try expect(kept.count, 150, "changes kept")
        },
    ]

    private static let pause = Hold(
        mode: .pause, host: .local, by: "ada", reason: "because", since: StoreSamples.start,
        until: StoreSamples.start + 9)

    private static func change(_ numbers: [Int]) -> StoreChange {
        var change = StoreChange()
        change.audit = numbers.map { StoreSamples.auditRecord($0) }
        return change
    }
}
