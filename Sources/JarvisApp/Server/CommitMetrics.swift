// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import JarvisStore

/// Counts what the disk makes of the store's transactions.
enum CommitMetrics {
    /// Declares the metrics and fills them from now on.
    static func count(_ monitor: CommitMonitor, in registry: MetricsRegistry) {
        registry.declare(
            .histogram([0.001, 0.005, 0.025, 0.1, 0.5, 2.5]), "jarvis_store_commit_duration_seconds",
            help: "From the beginning of a transaction of the store to the disk's answer.")
        registry.declare(
            .counter, "jarvis_store_writes_total", help: "Writes in transactions of the store; several share one.")
        registry.declare(
            .counter, "jarvis_store_commits_failed_total",
            help: "Transactions of the store that did not become durable.")
        registry.add(0, to: "jarvis_store_writes_total")
        registry.add(0, to: "jarvis_store_commits_failed_total")
        monitor.connect { [registry] transaction in
            registry.observe(transaction.duration / .seconds(1), in: "jarvis_store_commit_duration_seconds")
            registry.add(Double(transaction.writes), to: "jarvis_store_writes_total")
            if transaction.failure != nil { registry.add(1, to: "jarvis_store_commits_failed_total") }
        }
    }
}
