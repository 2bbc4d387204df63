// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import JarvisCore
package import JarvisEngine

/// Looks at everything that can say how a target is: the host, the outside, the monitoring system.
package struct Observer: Sendable {
    let inventory: Inventory
    let runner: any CommandRunner
    let prober: any ServiceProber
    let metrics: (any MetricsSource)?
    let now: @Sendable () -> Date

    /// Builds an observer; `metrics` is nil where no monitoring system is configured.
    package init(
        inventory: Inventory, runner: any CommandRunner, prober: any ServiceProber, metrics: (any MetricsSource)?,
        now: @escaping @Sendable () -> Date
    ) {
        self.inventory = inventory
        self.runner = runner
        self.prober = prober
        self.metrics = metrics
        self.now = now
    }

    /// Takes one observation, all kinds at the same time.
    ///
    /// Never throws: what can't be measured is a signal that says so.
    ///
    /// - Parameters:
    ///   - since: evidence of the metrics must be newer than this; nil while nothing was changed.
    ///   - fencingToken: fence of the claim under which it looks.
    package func observe(
        _ target: Target?, alert labels: LabelSet, since: Date?, fencingToken: UInt64
    ) async -> Observation {
        async let targetSignal = targetSignal(target, fencingToken)
        async let serviceSignal = serviceSignal(target)
        async let metricsSignal = metricsSignal(labels, since)
        let (metrics, timing) = await metricsSignal
        let signals = [metrics, await targetSignal, await serviceSignal].compactMap { $0 }
        return Observation(signals: signals, timing: timing)
    }

    private func targetSignal(_ target: Target?, _ fencingToken: UInt64) async -> Signal? {
        guard let target, let host = inventory.hosts[target.host],
            let step = TargetProbe.step(for: target, in: inventory)
        else { return nil }
        let context = RunContext(fencingToken: fencingToken, deadlineSeconds: TargetProbe.deadlineSeconds)
        let receipt = await runner.run(step, on: host, context)
        return TargetProbe.signal(for: target, from: receipt, observedAt: now())
    }

    private func serviceSignal(_ target: Target?) async -> Signal? {
        guard let target, let probes = inventory.declaration(of: target)?.probes else { return nil }
        let answers = await withTaskGroup(of: (Int, ServiceAnswer).self) { group in
            for (index, probe) in probes.enumerated() {
                group.addTask { (index, await prober.ask(probe)) }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        return ServiceJudgement.signal(
            for: answers.sorted { $0.key < $1.key }.map(\.value), of: target, observedAt: now())
    }

    private func metricsSignal(_ labels: LabelSet, _ since: Date?) async -> (Signal, ObservationTiming) {
        guard let metrics else {
            return (MetricsJudgement.unavailable("no Prometheus is configured", observedAt: now()), ObservationTiming())
        }
        do {
            let reading = try await metrics.reading(of: labels)
            let signal = MetricsJudgement.signal(for: reading, since: since, observedAt: now())
            return (signal, reading?.timing ?? ObservationTiming())
        } catch {
            return (MetricsJudgement.unavailable(error.description, observedAt: now()), ObservationTiming())
        }
    }
}
