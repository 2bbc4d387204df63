// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import JarvisCore
import JarvisSQLite

/// A store with so many alerts in it.
struct Subject: Sendable {
    private static let senders = 64
    private static let deliveries = 4000
    private static let incidents = 100
    private static let lists = 15

    private let database: SQLiteDatabase
    private let store: SQLiteStore
    private let first: Int

    /// Fills it: an incident for every four alerts with six lines of history, the last hundred of them open, and the
    /// deliveries of the last days, the others having been forgotten.
    init(_ directory: String, rows: Int) async throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let database = try await SQLiteDatabase(path: directory + "/jarvis.sqlite")
        let store = SQLiteStore(database)
        self.database = database
        self.store = store
        // What is measured comes after all that is there, as it does in life.
        first = Int(Date().timeIntervalSince(Samples.start)) * 1000
        // One that was kept by an earlier run is used again.
        guard try await store.statistics().alerts < rows else { return }
        let incidents = rows / 4
        try await Self.fill(incidents) { number in
            try await store.commit(Samples.change(number, isOpen: number >= incidents - 100))
        }
        try await Self.fill(rows / 5) { number in
            try await store.accept(Samples.delivery(rows - rows / 5 + number))
        }
        // What was taken in is no job any more.
        try await database.writer.write { connection throws(StoreError) in try connection.run("DELETE FROM jobs") }
    }

    private static func fill(_ count: Int, _ write: @escaping @Sendable (Int) async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            for sender in 0..<256 {
                group.addTask { for number in stride(from: sender, to: count, by: 256) { try await write(number) } }
            }
            try await group.waitForAll()
        }
    }

    /// Deliveries that became durable in a second, from 64 senders.
    func ingestRate(_ turn: Int) async throws -> Rate {
        let begin = first + turn * Self.deliveries
        let samples = (0..<Self.deliveries).map { Samples.delivery(begin + $0) }
        return try await rate(Self.deliveries) {
            try await withThrowingTaskGroup { group in
                for sender in 0..<Self.senders {
                    group.addTask {
                        for index in stride(from: sender, to: samples.count, by: Self.senders) {
                            try await store.accept(samples[index])
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    /// Incidents with their alerts that were formed in a second.
    func formRate(_ turn: Int) async throws -> Rate {
        let begin = first + turn * Self.incidents
        let changes = (0..<Self.incidents).map { Samples.change(begin + $0, isOpen: false) }
        return try await rate(Self.incidents) {
            try await withThrowingTaskGroup { group in
                for sender in 0..<16 {
                    group.addTask {
                        for index in stride(from: sender, to: changes.count, by: 16) {
                            try await store.commit(changes[index])
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    /// Lists of a hundred incidents that were read in a second.
    func listRate(openOnly: Bool) async throws -> Rate {
        _ = try await store.incidents(openOnly: openOnly, limit: 100)
        return try await rate(Self.lists) {
            for _ in 0..<Self.lists {
                guard try await store.incidents(openOnly: openOnly, limit: 100).count == 100 else {
                    throw GrowthBench.Usage(description: "the list is shorter than it must be")
                }
            }
        }
    }

    /// Length of the file.
    func megabytes() async throws -> Int {
        try await database.reader.read { connection throws(StoreError) in
            Int((try connection.integer("PRAGMA page_count") ?? 0) * (try connection.integer("PRAGMA page_size") ?? 0))
        } / (1 << 20)
    }

    private func rate(_ count: Int, _ body: () async throws -> Void) async throws -> Rate {
        let begin = ContinuousClock.now
        let used = Self.processorSeconds()
        try await body()
        return Rate(
            perSecond: Double(count) / (begin.duration(to: .now) / .seconds(1)),
            perProcessorSecond: Double(count) / (Self.processorSeconds() - used))
    }

    /// What this process took of the processors: the same however busy others keep them.
    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
