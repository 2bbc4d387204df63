// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import JarvisCore
import JarvisPostgres
import JarvisTestSupport
import Testing

@Suite struct `The PostgreSQL store` {
    @Test(arguments: JobQueueConformance.cases)
    func `keeps the promises of a queue`(_ promise: ConformanceCase<JobQueueConformance.Subject>) async throws {
        try await withDatabase { settings in
            let clock = ManualQueueClock(JobQueueConformance.start)
            let database = try await PostgresDatabase(settings, queueClock: clock.clock)
            let subject = JobQueueConformance.Subject(queue: PostgresJobQueue(database), clock: clock) {
                PostgresJobQueue(try await PostgresDatabase(settings, queueClock: clock.clock))
            }
            try await promise.check(subject)
            await database.close()
        }
    }

    @Test(arguments: StoreConformance.cases)
    func `keeps the promises of a store`(_ promise: ConformanceCase<StoreConformance.Subject>) async throws {
        try await withDatabase { settings in
            let clock = ManualQueueClock(StoreSamples.start)
            let database = try await PostgresDatabase(settings, queueClock: clock.clock)
            let subject = StoreConformance.Subject(
                store: PostgresStore(database), queue: PostgresJobQueue(database), clock: clock
            ) {
                PostgresStore(try await PostgresDatabase(settings, queueClock: clock.clock))
            }
            try await promise.check(subject)
            await database.close()
        }
    }

    @Test(arguments: OperatingConformance.cases)
    func `keeps the promises of operating`(_ promise: ConformanceCase<OperatingConformance.Subject>) async throws {
        try await withDatabase { settings in
            let clock = ManualQueueClock(StoreSamples.start)
            let database = try await PostgresDatabase(settings, queueClock: clock.clock)
            try await promise.check(.init(store: PostgresStore(database), queue: PostgresJobQueue(database)))
            await database.close()
        }
    }
}
