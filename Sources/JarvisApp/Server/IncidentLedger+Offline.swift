// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisEngine
import JarvisRuntime

extension IncidentLedger {
    /// One for commands that change a store while no server runs: it logs and counts nothing.
    static func offline(_ store: any IncidentStore, _ machine: IncidentMachine, now: Date) -> IncidentLedger {
        IncidentLedger(
            store: store, machine: machine, metrics: RuntimeMetrics(registry: MetricsRegistry(), knownAlertNames: []),
            logger: ServerLogger.quiet, now: { now })
    }
}
