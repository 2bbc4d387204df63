// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import JarvisTestSupport
import Testing

@Suite struct `The queue in memory` {
    @Test(arguments: JobQueueConformance.cases)
    func `keeps the promises of a queue`(_ promise: ConformanceCase<JobQueueConformance.Subject>) async throws {
        let clock = ManualQueueClock(JobQueueConformance.start)
        let queue = MemoryJobQueue(clock: clock.clock)
        try await promise.check(JobQueueConformance.Subject(queue: queue, clock: clock) { queue })
    }
}
