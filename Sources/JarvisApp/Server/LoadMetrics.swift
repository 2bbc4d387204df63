// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import Logging

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Measures now and then what waits, for how long, and how much room there is.
struct LoadMetrics: Sendable {
    private static let pause = Duration.seconds(15)

    private let store: any StoreUpkeep
    private let directory: String
    private let registry: MetricsRegistry
    private let logger: Logger
    private let askWhetherReady: @Sendable () async -> Void

    /// Declares the metrics of a store and of the file system of the data directory.
    ///
    /// - Parameter askWhetherReady: asks as `/-/ready` does, which sets `jarvis_database_connected`, so that the metric
    ///   is true where nobody asks that route.
    init(
        store: any StoreUpkeep, directory: String, registry: MetricsRegistry, logger: Logger,
        askWhetherReady: @escaping @Sendable () async -> Void
    ) {
        self.store = store
        self.directory = directory
        self.registry = registry
        self.logger = logger
        self.askWhetherReady = askWhetherReady
        registry.declare(
            .gauge, "jarvis_queue_jobs", help: "Jobs by kind and state; claimed ones are held under a lease.",
            labels: ["kind", "state"])
        registry.declare(
            .gauge, "jarvis_queue_oldest_due_seconds", help: "How long the job that waits longest has been due.")
        registry.declare(
            .gauge, "jarvis_database_bytes", help: "Size of the database without its write-ahead log.")
        registry.declare(
            .gauge, "jarvis_data_free_bytes", help: "Room that is left on the file system of the data directory.")
    }

    /// Runs until cancelled.
    func run() async {
        var known: Set<[String]> = []
        while !Task.isCancelled {
            await askWhetherReady()
            await measure(&known)
            do { try await Task.sleep(for: Self.pause) } catch { return }
        }
    }

    /// - Parameter known: what was measured before, which is 0 where it is not there any more.
    private func measure(_ known: inout Set<[String]>) async {
        var status = statvfs()
        if statvfs(directory, &status) == 0 {
            registry.set(Double(status.f_bavail) * Double(status.f_frsize), of: "jarvis_data_free_bytes")
        }
        do {
            let load = try await store.load()
            let counts = Dictionary(load.depths.map { ([$0.kind, $0.state], $0.count) }) { $1 }
            known.formUnion(counts.keys)
            for labels in known { registry.set(Double(counts[labels] ?? 0), of: "jarvis_queue_jobs", labels) }
            let waits = load.oldestDue.map { max(0, Date().timeIntervalSince($0)) } ?? 0
            registry.set(waits, of: "jarvis_queue_oldest_due_seconds")
            registry.set(Double(load.databaseBytes), of: "jarvis_database_bytes")
            // Counted by this process alone it would be wrong where several share a database.
            registry.set(Double(load.openIncidents), of: "jarvis_active_remediations")
        } catch {
            logger.debug("the queue can't be measured", metadata: ["error": "\(error)"])
        }
    }
}
