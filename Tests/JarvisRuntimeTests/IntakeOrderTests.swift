// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import FoundationEssentials
import JarvisCore
import JarvisRuntime
import JarvisTestSupport
import Testing

/// Several workers take deliveries in, so the order may be another one than that in which they were accepted.
@Suite struct IntakeOrderTests {
    private func claims(_ pipeline: Pipeline<World>) async -> [ClaimedJob] {
        await pipeline.store.queue.claim(limit: 99, lease: .seconds(60), JobSelection(kinds: ["intake"]))
    }

    private func record(of name: String, in pipeline: Pipeline<World>) async -> AlertRecord? {
        let labels = LabelSet(["alertname": "ContainerDown", "name": name, "remediation_host": "nexus"])
        return await pipeline.store.alertRecord(of: labels)
    }

    @Test(arguments: [
        [Alert.State.firing, .resolved], [.firing, .resolved, .firing], [.resolved, .firing, .resolved],
    ])
    func `the last report stands, though it is taken in first`(_ reports: [Alert.State]) async throws {
        let pipeline = try Pipeline()
        for state in reports { try await pipeline.deliver(state) }
        for job in await claims(pipeline).reversed() {
            try await pipeline.dispatcher.run(job, under: JobLease { true })
        }
        #expect(await record(of: "web", in: pipeline)?.alert.state == reports.last)
        #expect((await pipeline.incident != nil) == (reports.last == .firing))
    }

    @Test func `what is taken in at the same moment by several workers opens one incident`() async throws {
        for _ in 0..<50 {
            let pipeline = try Pipeline()
            // Not in the inventory: no target tells that the incidents are about the same.
            for _ in 0..<8 { try await pipeline.deliver(name: "unheard of") }
            let jobs = await claims(pipeline)
            #expect(jobs.count == 8)
            try await withThrowingTaskGroup { group in
                for job in jobs {
                    group.addTask { try await pipeline.dispatcher.run(job, under: JobLease { true }) }
                }
                try await group.waitForAll()
            }
            #expect(await pipeline.store.incidents(openOnly: false, limit: 9).count == 1)
            #expect(await record(of: "unheard of", in: pipeline)?.report == jobs.map(\.id).max())
        }
    }
}
