// SPDX-License-Identifier: Apache-2.0

import DurableQueue
package import FoundationEssentials
package import JarvisCore
package import JarvisEngine
package import Logging

/// What every job works with: the ports, the rules, the time.
package struct JobContext: Sendable {
    let store: any IncidentStore
    let alertLog: any AlertLog
    let restraints: any RestraintStore
    let autonomy: any AutonomyStore
    let ledger: IncidentLedger
    let rules: EngineRules
    let observer: Observer
    let runner: any CommandRunner
    let alerting: (any AlertingControl)?
    let snapshots: any SnapshotStore
    let sealing: any SnapshotSealing
    let camera: TargetCamera
    let metrics: RuntimeMetrics
    let logger: Logger
    let now: @Sendable () -> Date
    let randomBytes: @Sendable (Int) -> [UInt8]
    /// Whether the claim of the job that works with this is still held.
    var isClaimHeld: @Sendable () -> Bool = { true }

    /// Wires the ports together; `alerting` is nil where no Alertmanager is configured.
    package init(
        store: any IncidentStore, alertLog: any AlertLog, restraints: any RestraintStore,
        autonomy: any AutonomyStore, rules: EngineRules,
        runner: any CommandRunner,
        prober: any ServiceProber, metricsSource: (any MetricsSource)?,
        alerting: (any AlertingControl)? = nil, snapshots: any SnapshotStore, sealing: any SnapshotSealing,
        metrics: RuntimeMetrics, logger: Logger,
        now: @escaping @Sendable () -> Date, randomBytes: @escaping @Sendable (Int) -> [UInt8]
    ) {
        self.store = store
        self.alertLog = alertLog
        self.restraints = restraints
        self.autonomy = autonomy
        self.rules = rules
        self.runner = runner
        self.alerting = alerting
        self.snapshots = snapshots
        self.sealing = sealing
        camera = TargetCamera(inventory: rules.inventory, policy: rules.policy, runner: runner)
        self.metrics = metrics
        self.logger = logger
        self.now = now
        self.randomBytes = randomBytes
        ledger = IncidentLedger(
            store: store, machine: IncidentMachine(rules: rules), metrics: metrics, logger: logger, now: now)
        observer = Observer(
            inventory: rules.inventory, policy: rules.policy, runner: runner, prober: prober, metrics: metricsSource,
            now: now)
    }

    /// The same for one job under this lease.
    func under(_ lease: JobLease) -> JobContext {
        var context = self
        context.isClaimHeld = { lease.isHeld }
        return context
    }

    func newID<Subject>() -> Identifier<Subject> { Identifier(UUIDv7(at: now(), random: randomBytes(10))) }
}
