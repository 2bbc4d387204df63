// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
package import FoundationEssentials
package import JarvisCore
package import JarvisEngine

/// Looks at everything that can say how a target is: the host, the outside, the monitoring system.
package struct Observer: Sendable {
    /// Alerts of one incident that the metrics are asked about; with more, the metrics can't be good.
    private static let maximumMembers = 16
    /// A look is worth little when one of its parts is much older than the others.
    private static let patience = Duration.seconds(10)

    let inventory: Inventory
    let policy: Policy
    let runner: any CommandRunner
    let prober: any ServiceProber
    let metrics: (any MetricsSource)?
    let now: @Sendable () -> Date

    /// Builds an observer; `metrics` is nil where no monitoring system is configured.
    package init(
        inventory: Inventory, policy: Policy, runner: any CommandRunner, prober: any ServiceProber,
        metrics: (any MetricsSource)?,
        now: @escaping @Sendable () -> Date
    ) {
        self.inventory = inventory
        self.policy = policy
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
    ///   - incident: its target and all its alerts are looked at.
    ///   - since: evidence of the metrics must be newer than this; nil while nothing was changed.
    ///   - fencingToken: fence of the claim under which it looks.
    package func observe(
        _ incident: Incident, since: Date?, fencingToken: UInt64
    ) async -> Observation {
        let target = incident.target
        async let targetSignal = targetSignal(target, fencingToken)
        async let serviceSignal = serviceSignal(target)
        async let metricsSignal = metricsSignal(incident, since)
        let metrics = await metricsSignal
        let signals = [metrics.signal, await targetSignal, await serviceSignal].compactMap { $0 }
        return Observation(signals: signals, timing: metrics.timing, annotations: metrics.annotations)
    }

    private func targetSignal(_ target: Target?, _ fencingToken: UInt64) async -> Signal? {
        guard let target, let host = inventory.hosts[target.host],
            let step = TargetProbe.step(for: target, in: inventory, under: policy)
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

    /// What the metrics say of one alert or of all.
    private struct MetricsLook {
        let signal: Signal
        var timing = ObservationTiming()
        var annotations: [String: String] = [:]
        var isOfFirst = false
    }

    /// Every alert of the incident that was firing must be good, or the incident isn't.
    private func metricsSignal(_ incident: Incident, _ since: Date?) async -> MetricsLook {
        guard let metrics else {
            return MetricsLook(
                signal: MetricsJudgement.unavailable("no Prometheus is configured", observedAt: now()))
        }
        let readings = await withTaskGroup(of: MetricsLook?.self) { group in
            for (index, member) in incident.members.prefix(Self.maximumMembers).enumerated() {
                group.addTask {
                    var look = await ask(metrics, member.alert.labels, since)
                    look.isOfFirst = index == 0
                    return look
                }
            }
            group.addTask {
                try? await Task.sleep(for: Self.patience)
                return nil
            }
            var readings: [MetricsLook] = []
            while readings.count < min(incident.members.count, Self.maximumMembers), let next = await group.next() {
                guard let next else { break }
                readings.append(next)
            }
            group.cancelAll()
            return readings
        }
        let count = incident.members.count + incident.omittedMembers
        return MetricsLook(
            signal: MetricsJudgement.together(readings.map(\.signal), of: count, observedAt: now()),
            timing: readings.map(\.timing).reduce(ObservationTiming()) { $0.slowest($1) },
            annotations: readings.first(where: \.isOfFirst)?.annotations ?? [:])
    }

    private func ask(
        _ metrics: any MetricsSource, _ labels: LabelSet, _ since: Date?
    ) async -> MetricsLook {
        // Taken before asking: a slow answer must not make a sample look newer than the change.
        let asked = now()
        do {
            let reading = try await metrics.reading(of: labels)
            let signal = MetricsJudgement.signal(for: reading, since: since, observedAt: asked)
            return MetricsLook(
                signal: signal, timing: reading?.timing ?? ObservationTiming(),
                annotations: reading?.annotations ?? [:])
        } catch {
            return MetricsLook(signal: MetricsJudgement.unavailable(error.description, observedAt: asked))
        }
    }
}
