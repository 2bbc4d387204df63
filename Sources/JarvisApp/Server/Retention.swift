// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import Logging

/// Forgets deliveries that were taken in long ago; what became of them is in the incidents.
struct Retention: Sendable {
    private static let lifetime = 30.0 * 86_400
    private static let pause = Duration.seconds(3_600)

    let store: any StoreUpkeep
    let logger: Logger

    /// Runs until cancelled; a failure is logged and tried again an hour later.
    func run() async throws {
        while !Task.isCancelled {
            do {
                let pruned = try await store.pruneDeliveries(
                    before: Date(timeIntervalSinceNow: -Self.lifetime), limit: 10_000)
                if pruned > 0 { logger.info("old deliveries were forgotten", metadata: ["count": "\(pruned)"]) }
            } catch {
                logger.error("old deliveries could not be forgotten", metadata: ["error": "\(error)"])
            }
            do { try await Task.sleep(for: Self.pause) } catch { return }
        }
    }
}
