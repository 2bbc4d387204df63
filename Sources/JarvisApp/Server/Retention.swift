// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import Logging

/// Forgets what is older than it is kept: deliveries that were taken in, incidents that ended, snapshots.
struct Retention: Sendable {
    /// At a time, so that others need not wait long for the writer.
    private static let batch = 500
    private static let pauseBetween = Duration.milliseconds(100)
    private static let pause = Duration.seconds(3_600)

    let store: any StoreUpkeep
    /// How long things are kept.
    let lifetime: Duration
    let logger: Logger

    /// Runs until cancelled; a failure is logged and tried again an hour later.
    func run() async {
        while !Task.isCancelled {
            let end = Date(timeIntervalSinceNow: -(lifetime / .seconds(1)))
            await prune("deliveries") { () throws(StoreError) in
                try await store.pruneDeliveries(before: end, limit: Self.batch)
            }
            await prune("incidents") { () throws(StoreError) in
                try await store.pruneIncidents(before: end, limit: Self.batch)
            }
            await prune("snapshots") { () throws(StoreError) in
                try await store.pruneSnapshots(before: end, limit: Self.batch)
            }
            await prune("alerts") { () throws(StoreError) in
                try await store.pruneAlerts(before: end, limit: Self.batch)
            }
            do { try await Task.sleep(for: Self.pause) } catch { return }
        }
    }

    private func prune(_ what: String, _ batch: () async throws(StoreError) -> Int) async {
        var pruned = 0
        do {
            while !Task.isCancelled {
                let count = try await batch()
                pruned += count
                guard count >= Self.batch else { break }
                try await Task.sleep(for: Self.pauseBetween)
            }
        } catch is CancellationError {
        } catch {
            logger.error("old \(what) could not be forgotten", metadata: ["error": "\(error)"])
        }
        if pruned > 0 { logger.info("old \(what) were forgotten", metadata: ["count": "\(pruned)"]) }
    }
}
