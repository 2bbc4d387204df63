// SPDX-License-Identifier: Apache-2.0

import CDiskFaults
import DurableQueue
import Foundation
import JarvisCore
import JarvisTestSupport
import Testing

@testable import JarvisSQLite

/// A directory on a disk that can be made to fail, and of which a power cut leaves only what was synced.
struct FaultyDisk {
    let directory: String
    var path: String { directory + "/jarvis.sqlite" }

    /// A directory on a new disk; `seed` decides what a power cut leaves of what was not synced.
    static func with<Result>(
        seed: UInt32 = 1, _ body: (FaultyDisk) async throws -> Result
    ) async throws -> Result {
        try await withTemporaryDirectory { above in
            let disk = FaultyDisk(directory: above + "/disk")
            try FileManager.default.createDirectory(
                atPath: disk.directory + "/.disk", withIntermediateDirectories: true)
            disk_watch(disk.directory, seed)
            defer { disk_cut(disk.directory) }
            return try await body(disk)
        }
    }

    /// From now on calls fail: `sync 5`, `write 28`, or `sync 5 NAME` for one file; nil ends that.
    func fail(_ fault: String?) throws {
        let marker = directory + "/disk-fault"
        guard let fault else {
            try FileManager.default.removeItem(atPath: marker)
            return
        }
        // In one step: what reads it at the same time finds one or the other.
        try Data(fault.utf8).write(to: URL(fileURLWithPath: marker), options: .atomic)
    }

    /// What is found when the power is back, opened.
    func afterPowerCut() async throws -> SQLiteDatabase {
        disk_cut(directory)
        let found = directory + "/found"
        try FileManager.default.copyItem(atPath: directory + "/.disk", toPath: found)
        return try await SQLiteDatabase(path: found + "/jarvis.sqlite")
    }

    /// What the next process finds that begins after this one was killed; the kernel goes on, and so does what it
    /// believes to have written.
    func nextProcess(seed: UInt32) throws -> FaultyDisk {
        let next = FaultyDisk(directory: directory + "/next")
        try FileManager.default.createDirectory(atPath: next.directory, withIntermediateDirectories: false)
        for name in ["jarvis.sqlite", "jarvis.sqlite-wal"] {
            try FileManager.default.copyItem(atPath: directory + "/" + name, toPath: next.directory + "/" + name)
        }
        try FileManager.default.copyItem(atPath: directory + "/.disk", toPath: next.directory + "/.disk")
        disk_watch(next.directory, seed)
        return next
    }
}

extension SQLiteDatabase {
    /// The numbers of these samples that are not stored.
    func missing(_ numbers: some Sequence<Int>) async throws -> [Int] {
        let store = SQLiteStore(self)
        var missing: [Int] = []
        for number in numbers where try await store.delivery(StoreSamples.delivery(number).id) == nil {
            missing.append(number)
        }
        return missing
    }

    /// Everything that is wrong with what is stored: pages, halves of transactions, the audit chain.
    func faults() async throws -> [String] {
        let store = SQLiteStore(self)
        _ = try await AuditChain.records(of: store)
        var faults = try await reader.read { connection throws(StoreError) in
            try connection.rows("PRAGMA integrity_check") { row throws(StoreError) in row.text(0) ?? "" }
        }.filter { $0 != "ok" }
        let deliveries = try await store.statistics().deliveries
        let jobs = try await SQLiteJobQueue(self).counts().map(\.count).reduce(0, +)
        if jobs != deliveries { faults.append("\(deliveries) deliveries, \(jobs) jobs") }
        return faults
    }
}

extension StoreSamples {
    /// A delivery that needs about a hundred pages.
    static func hugeDelivery(_ number: Int) -> Delivery {
        let usual = delivery(number)
        let text = UntrustedText(String(repeating: "x", count: 400_000))
        return Delivery(
            id: usual.id, receivedAt: usual.receivedAt, source: usual.source, alerts: usual.alerts,
            rejected: [Delivery.Rejected(index: 1, reason: "too big", raw: text)])
    }
}
