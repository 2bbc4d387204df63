// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisEngine

/// One container, what serves behind it, and a Prometheus.
struct World {
    var isRunning = false
    /// Which run of the container it is.
    var instance = 1
    /// The last moment at which it changed; samples before it show what was before.
    var changedAt = Homelab.at(-600)
    var hostAnswers = true
    var hasServiceProbe = false
    var serviceAnswers = true
    var prometheusAnswers = true
    var scrapeInterval = 1.0
    /// Seconds after its start at which the container dies again.
    var diesAfter: Double?
    var receipt = Receipt(ending: .exited(status: 0))
    /// Whether the command does what it says.
    var commandWorks = true
    /// Seconds that a look takes.
    var lookSeconds = 0.05

    mutating func settle(_ now: Date) {
        if isRunning, let diesAfter, now.timeIntervalSince(changedAt) >= diesAfter {
            isRunning = false
            changedAt = changedAt.addingTimeInterval(diesAfter)
        }
    }

    mutating func start(_ now: Date) {
        isRunning = true
        instance += 1
        changedAt = now
    }

    mutating func stop(_ now: Date) {
        isRunning = false
        changedAt = now
    }

    mutating func run(_ action: Action.Name, at now: Date) -> (Receipt, Double) {
        if case .notStarted = receipt.ending { return (receipt, 0) }
        guard hostAnswers else { return (Receipt(ending: .notStarted(reason: "no route to host")), 5) }
        if commandWorks { start(now) }
        return (receipt, 0.4)
    }

    /// What a snapshot would say; nil where the host can't be asked.
    mutating func capture(_ now: Date) -> CapturedState? {
        settle(now)
        guard hostAnswers else { return nil }
        return CapturedState([.running: String(isRunning), .paused: "false", .identity: "web"])
    }

    mutating func takeBack(_ command: String, at now: Date) -> Receipt {
        if case .notStarted = receipt.ending { return receipt }
        guard hostAnswers else { return Receipt(ending: .notStarted(reason: "no route to host")) }
        guard commandWorks else { return receipt }
        if command.contains("'stop'") { stop(now) } else { start(now) }
        return receipt
    }

    mutating func look(at now: Date, since: Date?) -> (Observation, Double) {
        settle(now)
        var signals = [metrics(now, since), target(now)]
        if hasServiceProbe {
            let isGood = isRunning && serviceAnswers
            signals.append(signal(.service, isGood ? .good : .bad, now))
        }
        let timing = prometheusAnswers ? ObservationTiming(scrapeInterval: scrapeInterval) : ObservationTiming()
        return (Observation(signals: signals, timing: timing), lookSeconds)
    }

    private func target(_ now: Date) -> Signal {
        guard hostAnswers else { return signal(.target, .unknown, now) }
        return Signal(
            kind: .target, source: "docker inspect", reading: isRunning ? .good : .badForGood, detail: "d",
            observedAt: now, instance: "run \(instance)")
    }

    private func metrics(_ now: Date, _ since: Date?) -> Signal {
        guard prometheusAnswers else { return MetricsJudgement.unavailable("connection refused", observedAt: now) }
        let age = now.timeIntervalSince1970.truncatingRemainder(dividingBy: scrapeInterval)
        let sampleShowsNow = now.addingTimeInterval(-age) > changedAt
        let holds = sampleShowsNow ? !isRunning : isRunning
        let reading = AlertRuleReading(
            state: holds ? .firing : .inactive, ruleError: nil, rows: holds ? 1 : 0,
            presence: .selectors([.init(text: "up", newestSample: now.addingTimeInterval(-age))]), sourceTime: now,
            timing: ObservationTiming(scrapeInterval: scrapeInterval))
        return MetricsJudgement.signal(for: reading, since: since, observedAt: now)
    }

    private func signal(_ kind: Signal.Kind, _ reading: Signal.Reading, _ now: Date) -> Signal {
        Signal(kind: kind, source: "test", reading: reading, detail: "d", observedAt: now)
    }
}
