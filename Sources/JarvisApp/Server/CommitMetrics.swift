// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import JarvisStore
import Logging

/// Counts what the disk makes of the store's transactions.
enum CommitMetrics {
    /// Declares the metrics and fills them from now on.
    static func count(_ monitor: CommitMonitor, in registry: MetricsRegistry, _ logger: Logger) {
        registry.declare(
            .histogram([0.001, 0.005, 0.025, 0.1, 0.5, 2.5]), "jarvis_store_commit_duration_seconds",
            help: "From the beginning of a transaction of the store to the disk's answer.")
        registry.declare(
            .counter, "jarvis_store_writes_total", help: "Writes in transactions of the store; several share one.")
        registry.declare(
            .counter, "jarvis_store_commits_failed_total",
            help: "Transactions of the store that did not become durable.")
        registry.declare(
            .counter, "jarvis_store_checkpoints_failed_total",
            help: "Times that the write-ahead log could not be written back into the database.")
        registry.add(0, to: "jarvis_store_writes_total")
        registry.add(0, to: "jarvis_store_commits_failed_total")
        registry.add(0, to: "jarvis_store_checkpoints_failed_total")
        monitor.connect { [registry, logger] event in
            switch event {
            case .transaction(let transaction):
                registry.observe(transaction.duration / .seconds(1), in: "jarvis_store_commit_duration_seconds")
                registry.add(Double(transaction.writes), to: "jarvis_store_writes_total")
                if transaction.failure != nil { registry.add(1, to: "jarvis_store_commits_failed_total") }
            case .checkpointFailed(let error, let isFirst):
                registry.add(1, to: "jarvis_store_checkpoints_failed_total")
                guard isFirst else { return }
                logger.error(
                    "the write-ahead log can't be written back; what is in it is safe",
                    metadata: ["error": "\(error)"])
            case .damaged(let error):
                logger.critical(
                    "the database is damaged: nothing is written to it; see docs/OPERATE.md",
                    metadata: ["error": "\(error)"])
            }
        }
    }
}
