// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import Foundation
import JarvisCore
import JarvisSQLite
import JarvisTestSupport
import Testing

/// Rates are printed and not judged: they are those of the disk below.
@Suite struct `A storm` {
    @Test func `of ten thousand deliveries is stored whole`() async throws {
        try await withTemporaryDirectory { directory in
            let database = try await SQLiteDatabase(path: directory + "/jarvis.sqlite")
            let store = SQLiteStore(database)
            let time = try await ContinuousClock().measure {
                try await accept(0..<10_000, callers: 64, store)
            }
            #expect(try await store.statistics().deliveries == 10_000)
            #expect(try await SQLiteJobQueue(database).counts().map(\.count) == [10_000])
            print("10,000 deliveries from 64 callers: \(rate(10_000, time)) per second")
        }
    }

    @Test func `does not slow down claiming`() async throws {
        try await withTemporaryDirectory { directory in
            let queue = SQLiteJobQueue(try await SQLiteDatabase(path: directory + "/jarvis.sqlite"))
            try await queue.enqueue(
                (0..<20_000).map {
                    NewJob(kind: "intake", payload: "\($0)", priority: 1 + $0 % 2, dueAt: StoreSamples.start)
                })
            try await queue.enqueue([
                NewJob(kind: "intake", payload: "critical", priority: 0, dueAt: StoreSamples.start + 1)
            ])
            let first = try await queue.claim(limit: 1, lease: .seconds(60), JobSelection())
            #expect(first.map(\.payload) == ["critical"])
            let time = try await ContinuousClock().measure {
                for _ in 0..<500 {
                    let claimed = try await queue.claim(limit: 1, lease: .seconds(60), JobSelection())
                    for job in claimed { _ = try await queue.complete(job) }
                }
            }
            print("claim and complete one by one among 20,000 due jobs: \(rate(500, time)) per second")
        }
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["JARVIS_RATES"] != nil))
    func `rates of accepting against the bare disk`() async throws {
        try await withTemporaryDirectory { directory in
            print("bare fsync: \(rate(2000, try bareDisk(2000, directory + "/bare"))) per second")
            for callers in [1, 16, 64] {
                let path = directory + "/\(callers).sqlite"
                let database = try await SQLiteDatabase(path: path)
                let store = SQLiteStore(database)
                let count = callers == 1 ? 3000 : 10_000
                let time = try await ContinuousClock().measure { try await accept(0..<count, callers: callers, store) }
                let transactions = await database.writer.transactions
                print("accept, \(callers) callers: \(rate(count, time)) per second, \(transactions) transactions")
            }
            let memory = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
            print(memory.split(separator: "\n").filter { $0.hasPrefix("VmRSS") || $0.hasPrefix("VmHWM") })
        }
    }

    private func accept(_ numbers: Range<Int>, callers: Int, _ store: SQLiteStore) async throws {
        try await withThrowingTaskGroup { group in
            for caller in 0..<callers {
                group.addTask {
                    for number in stride(from: numbers.lowerBound + caller, to: numbers.upperBound, by: callers) {
                        let delivery = StoreSamples.delivery(number)
                        // The same alert every time, as a sender without patience repeats it.
                        try await store.accept(
                            Delivery(
                                id: delivery.id, receivedAt: delivery.receivedAt, source: .alertmanager,
                                alerts: [StoreSamples.alert(1)]))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func bareDisk(_ count: Int, _ path: String) throws -> Duration {
        try Data().write(to: URL(fileURLWithPath: path))
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        let block = Data(repeating: 1, count: 4096)
        return try ContinuousClock().measure {
            for _ in 0..<count {
                try file.write(contentsOf: block)
                try file.synchronize()
            }
        }
    }

    private func rate(_ count: Int, _ time: Duration) -> Int { Int(Double(count) / (time / .seconds(1))) }
}
