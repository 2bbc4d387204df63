// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore

/// A small monitored world in which time passes event by event; what is really so is known.
struct GameWorld: Sendable {
    typealias Happening = @Sendable (inout GameWorld, Double) -> Void

    /// One series of the exporter.
    struct Metric: Sendable {
        var name: String
        var labels: [String: String]
        var value: @Sendable (GameWorld) -> Double
    }

    var thing = Thing()
    /// Another thing of the same name, where that is what Jarvis sees and acts on.
    var mistaken: Thing?
    var metrics: [Metric] = []
    var exporterAnswers = true
    /// The exporter repeats what it knew then, with the time of then.
    var exporterFrozenAt: Double?
    var prometheus = ModelPrometheus()
    var alertmanager = ModelAlertmanager()
    /// A second Prometheus, of which only what it tells is seen: alerts with these labels of its own.
    var secondTells: [String: String]?
    var hasProbe = false
    /// Seconds that the clocks of Prometheus and of the host are ahead of Jarvis'.
    var sourceSkew = 0.0
    var hostSkew = 0.0
    /// What the planned command does.
    var repair: Happening = { world, now in world.cure(now) }
    private(set) var repairs = 0
    private(set) var now: Double
    private var frozen: [(labels: [String: String], value: Double, time: Double?)] = []
    private var script: [(at: Double, what: Happening)] = []
    private var truth: [(at: Double, isGood: Bool)] = []

    init(at now: Double) { self.now = now }

    mutating func plan(at time: Double, _ what: @escaping Happening) {
        let place = script.firstIndex { $0.at > time } ?? script.endIndex
        script.insert((time, what), at: place)
    }

    /// The real repair.
    mutating func cure(_ now: Double) {
        thing.start(at: now)
        thing.isFaulty = false
        thing.lifespan = nil
    }

    mutating func runCommand() {
        repairs += 1
        if mistaken != nil { mistaken?.start(at: now) } else { repair(&self, now) }
        noteTruth()
    }

    mutating func undoCommand() {
        if mistaken != nil { mistaken?.stop(at: now) } else { thing.stop(at: now) }
        noteTruth()
    }

    /// Whether the thing was good at every moment of a span.
    func wasGood(from begin: Double, to end: Double) -> Bool {
        guard let first = truth.last(where: { $0.at <= begin }) ?? truth.first, first.isGood else { return false }
        return truth.allSatisfy { !($0.at > begin && $0.at <= end) || $0.isGood }
    }

    private mutating func noteTruth() {
        if truth.last?.isGood != thing.isGood { truth.append((now, thing.isGood)) }
    }

    /// Lets time pass until something is told to Jarvis, at the latest to `end`; returns what is told.
    mutating func advance(to end: Double) -> [Alert] {
        noteTruth()
        while true {
            let source =
                prometheus.isRunning ? min(prometheus.nextScrape, prometheus.nextEvaluation) - sourceSkew : .infinity
            let next = min(source, script.first?.at ?? .infinity, thing.nextChange ?? .infinity, nextTelling)
            guard next <= end else {
                now = max(now, end)
                return []
            }
            now = max(now, next)
            if let first = script.first, first.at <= now {
                script.removeFirst()
                first.what(&self, now)
            } else if thing.nextChange.map({ $0 <= now }) == true {
                thing.changeByItself(at: now)
            } else if nextTelling <= now {
                nextTelling = now + 1
                let told = alertmanager.notifications(at: now)
                noteTruth()
                if !told.isEmpty { return told }
            } else {
                work(atSourceTime: now + sourceSkew)
            }
            noteTruth()
        }
    }

    private var nextTelling = 0.0

    private mutating func work(atSourceTime time: Double) {
        if prometheus.nextScrape <= time {
            prometheus.nextScrape = max(time, prometheus.nextScrape) + prometheus.scrapeInterval
            prometheus.scrape(exporterAnswers ? exported : nil, at: time)
        } else {
            prometheus.nextEvaluation = max(time, prometheus.nextEvaluation) + prometheus.evaluationInterval
            let (firing, ended) = prometheus.evaluate(at: time)
            let validity = 4 * max(60, prometheus.evaluationInterval)
            for alert in firing {
                alertmanager.isTold(
                    alert.labels.merging(["cluster": "home"]) { $1 }, firingSince: alert.since, validFor: validity,
                    at: now)
                if let second = secondTells {
                    alertmanager.isTold(
                        alert.labels.merging(second) { $1 }, firingSince: alert.since, validFor: validity, at: now)
                }
            }
            for labels in ended { alertmanager.isToldOfEnd(labels.merging(["cluster": "home"]) { $1 }, at: now) }
        }
    }

    private var exported: [(labels: [String: String], value: Double, time: Double?)] {
        if exporterFrozenAt != nil { return frozen }
        return metrics.map { metric in
            let labels = metric.labels.merging(["__name__": metric.name, "job": "app"]) { $1 }
            return (labels, metric.value(self), nil)
        }
    }

    /// From now on the exporter repeats itself, with or without the time of then.
    mutating func freezeExporter(_ now: Double) {
        frozen = exported.map { ($0.labels, $0.value, now + sourceSkew) }
        exporterFrozenAt = now
    }
}
