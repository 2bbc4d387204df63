// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import Foundation
import JarvisCore
import JarvisSQLite
import JarvisTestSupport
import Logging
import Synchronization
import Testing

@testable import JarvisApp

@Suite struct ClockWatchTests {
    private struct Refusal: Error {}

    private let clock = ManualQueueClock(StoreSamples.start)
    private let metrics = MetricsRegistry()

    private func watch(_ bringForward: @escaping @Sendable (Duration) async throws -> Void = { _ in }) -> ClockWatch {
        ClockWatch(
            clock.clock, metrics: metrics, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            bringForward: bringForward)
    }

    private func steps(_ direction: String) -> Bool {
        metrics.render().contains("jarvis_clock_steps_total{direction=\"\(direction)\"} 1\n")
    }

    @Test func `what waits for its turn goes on after the clock was set back, what waits for a date does not`()
        async throws
    {
        let directory = try TemporaryDirectory()
        let database = try await SQLiteDatabase(path: directory.path + "/jarvis.sqlite", queueClock: clock.clock)
        let queue = SQLiteJobQueue(database)
        let kinds = ["act", "confirm", "diagnose", "expireApproval", "intake", "observe"]
        try await queue.enqueue(
            kinds.map { NewJob(kind: $0, payload: $0, priority: 1, lane: "", dueAt: StoreSamples.start + 10) })
        let watch = watch { step in
            try await Storage.file(database).clockWasSetBack(by: step)
        }
        let known = watch.offset
        clock.setWallClock(to: StoreSamples.start - 3_600)
        let found = await watch.look(known)
        #expect(found == known - .seconds(3_600))
        #expect(try await queue.claim(limit: 9, lease: .seconds(60), JobSelection()).isEmpty)
        clock.move(to: clock.now + 10)
        let claimed = try await queue.claim(limit: 9, lease: .seconds(60), JobSelection()).map(\.kind)
        #expect(claimed.sorted() == ["act", "confirm", "diagnose", "intake"])
        #expect(await watch.look(found) == found)
        #expect(steps("back"))
        await database.close()
    }

    @Test func `what was accepted before the clock was set back is taken in after a restart`() async throws {
        let directory = try TemporaryDirectory()
        let database = try await SQLiteDatabase(path: directory.path + "/jarvis.sqlite", queueClock: clock.clock)
        let store = SQLiteStore(database)
        let queue = SQLiteJobQueue(database)
        try await store.accept(StoreSamples.delivery(1))
        var change = StoreChange(incident: StoreSamples.incident(1))
        change.jobs = [JobRequest(.observe(StoreSamples.incidentID(1), round: 0), dueAt: StoreSamples.start + 1_000)]
        try await store.commit(change)
        clock.setWallClock(to: StoreSamples.start - 3_600)
        #expect(try await queue.claim(limit: 9, lease: .seconds(60), JobSelection()).isEmpty)
        try await Storage.file(database).takeUpIntakes()
        #expect(try await queue.claim(limit: 9, lease: .seconds(60), JobSelection()).map(\.kind) == ["intake"])
        await database.close()
    }

    @Test func `a store that can't bring jobs along is asked again`() async {
        let asked = Mutex<[Duration]>([])
        let watch = watch { step in
            let isFirst = asked.withLock { asked in
                asked.append(step)
                return asked.count == 1
            }
            if isFirst { throw Refusal() }
        }
        let known = watch.offset
        clock.setWallClock(to: StoreSamples.start - 60)
        let after = await watch.look(known)
        #expect(after == known)
        #expect(!steps("back"))
        let settled = await watch.look(after)
        #expect(settled == known - .seconds(60))
        #expect(asked.withLock { $0 } == [.seconds(60), .seconds(60)])
        #expect(steps("back"))
    }

    @Test func `a step forward is counted, a correction of a second is not`() async {
        let watch = watch { _ in Issue.record("nothing is to be brought along") }
        var known = watch.offset
        clock.setWallClock(to: StoreSamples.start + 1)
        known = await watch.look(known)
        #expect(!steps("forward"))
        clock.setWallClock(to: StoreSamples.start + 3_601)
        known = await watch.look(known)
        #expect(steps("forward"))
        #expect(await watch.look(known) == known)
    }
}
