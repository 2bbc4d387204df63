// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import JarvisStore
import Logging

/// Empties the spool into the database as soon as it is back.
struct SpoolDrain: Sendable {
    private static let pause = Duration.seconds(1)

    private let log: SpoolingAlertLog
    private let folder: SpoolFolder
    private let metrics: MetricsRegistry
    private let logger: Logger

    /// Puts a spool before a store.
    init(_ folder: SpoolFolder, before store: any OrderedAlertLog, metrics: MetricsRegistry, logger: Logger) {
        metrics.declare(.gauge, "jarvis_spool_deliveries", help: "Deliveries that wait for the database on this disk.")
        metrics.declare(.gauge, "jarvis_spool_bytes", help: "Size of the files of the spool.")
        metrics.declare(
            .counter, "jarvis_spooled_deliveries_total", help: "Deliveries that were kept here for the database.")
        metrics.declare(
            .counter, "jarvis_spool_damaged_files_total", help: "Files of the spool that could not be read to the end.")
        metrics.add(0, to: "jarvis_spooled_deliveries_total")
        metrics.add(0, to: "jarvis_spool_damaged_files_total")
        self.folder = folder
        self.metrics = metrics
        self.logger = logger
        log = SpoolingAlertLog(before: store, folder: folder) { reason in
            metrics.add(1, to: "jarvis_spooled_deliveries_total")
            guard let reason else { return }
            logger.warning("a delivery is kept here until the database is back", metadata: ["reason": "\(reason)"])
        }
    }

    /// The way in.
    var alertLog: any AlertLog { log }

    /// Whether a delivery would be kept while the database is away.
    var hasRoom: Bool { folder.hasRoom }

    /// Runs until cancelled.
    func run() async {
        var moved = 0
        while !Task.isCancelled {
            let drain = await log.drain()
            let level = folder.level
            metrics.set(Double(level.deliveries), of: "jarvis_spool_deliveries")
            metrics.set(Double(level.bytes), of: "jarvis_spool_bytes")
            switch drain {
            case .moved(let count): moved += count
            case .damaged(let count):
                moved += count
                metrics.add(1, to: "jarvis_spool_damaged_files_total")
                logger.error(
                    "a file of the spool is cut off or damaged, or the database refuses some of it: it is kept as *.damaged",
                    metadata: ["moved": "\(count)"])
                try? await Task.sleep(for: Self.pause)
            case .away(let reason):
                logger.debug("the spool waits", metadata: ["reason": "\(reason)"])
                try? await Task.sleep(for: Self.pause)
            case .empty:
                if moved > 0 {
                    logger.notice("the database has what was kept here for it", metadata: ["count": "\(moved)"])
                }
                moved = 0
                try? await Task.sleep(for: Self.pause)
            }
        }
    }
}
