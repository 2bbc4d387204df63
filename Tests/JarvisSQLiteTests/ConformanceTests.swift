// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import Foundation
import JarvisCore
import JarvisSQLite
import JarvisTestSupport
import Testing

@Suite struct `The SQLite store` {
    @Test(arguments: JobQueueConformance.cases)
    func `keeps the promises of a queue`(_ promise: ConformanceCase<JobQueueConformance.Subject>) async throws {
        try await withTemporaryDirectory { directory in
            let clock = ManualQueueClock(JobQueueConformance.start)
            let database = try await SQLiteDatabase(
                path: directory + "/jarvis.sqlite", queueClock: clock.clock)
            let subject = JobQueueConformance.Subject(queue: SQLiteJobQueue(database), clock: clock) {
                SQLiteJobQueue(try await openCopy(of: directory, queueClock: clock.clock))
            }
            try await promise.check(subject)
        }
    }

    @Test(arguments: StoreConformance.cases)
    func `keeps the promises of a store`(_ promise: ConformanceCase<StoreConformance.Subject>) async throws {
        try await withTemporaryDirectory { directory in
            let clock = ManualQueueClock(StoreSamples.start)
            let database = try await SQLiteDatabase(
                path: directory + "/jarvis.sqlite", queueClock: clock.clock)
            let subject = StoreConformance.Subject(
                store: SQLiteStore(database), queue: SQLiteJobQueue(database), clock: clock
            ) {
                SQLiteStore(try await openCopy(of: directory))
            }
            try await promise.check(subject)
        }
    }

    @Test(arguments: OperatingConformance.cases)
    func `keeps the promises of operating`(_ promise: ConformanceCase<OperatingConformance.Subject>) async throws {
        try await withTemporaryDirectory { directory in
            let clock = ManualQueueClock(StoreSamples.start)
            let database = try await SQLiteDatabase(path: directory + "/jarvis.sqlite", queueClock: clock.clock)
            try await promise.check(.init(store: SQLiteStore(database), queue: SQLiteJobQueue(database)))
        }
    }
}

@Suite struct `The store in memory` {
    @Test(arguments: StoreConformance.cases)
    func `keeps the promises of a store`(_ promise: ConformanceCase<StoreConformance.Subject>) async throws {
        let clock = ManualQueueClock(StoreSamples.start)
        let store = MemoryStore(queue: MemoryJobQueue(clock: clock.clock))
        try await promise.check(StoreConformance.Subject(store: store, queue: store.queue, clock: clock) { store })
    }
}

/// What a process that died at this moment would leave on the disk, opened by the next one.
func openCopy(of directory: String, queueClock: QueueClock = .system()) async throws -> SQLiteDatabase {
    let copy = directory + "/" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: false)
    for file in ["jarvis.sqlite", "jarvis.sqlite-wal"] {
        try FileManager.default.copyItem(atPath: directory + "/" + file, toPath: copy + "/" + file)
    }
    return try await SQLiteDatabase(path: copy + "/jarvis.sqlite", queueClock: queueClock)
}
