// SPDX-License-Identifier: Apache-2.0

import JarvisClients

/// A Prometheus in small: scrapes, staleness, rules with `for` and `keep_firing_for`, restarts, changes of its files.
///
/// All times in it are by its own clock.
struct ModelPrometheus: Sendable {
    typealias Labels = [String: String]

    /// An alert's rule and the text that its expression is written as.
    struct Rule: Sendable {
        var name = "ThingDown"
        var metric: String
        /// Labels that an aggregation around the selector keeps; nil: there is none.
        var by: [String]?
        var isAbove = false
        var threshold = 0.0
        var hold = 0.0
        var keepFiring = 0.0
        var labels = ["remediation_host": "nexus"]

        var text: String {
            let selector = "\(metric){job=\"app\"}"
            let measured = by.map { "max by (\($0.joined(separator: ", "))) (\(selector))" } ?? selector
            return "\(measured) \(isAbove ? ">" : "==") \(Int(threshold))"
        }
    }

    /// An alert of a rule that is pending or fires.
    struct Active: Sendable {
        var labels: Labels
        var activeAt: Double
        var firesSince: Double?
        var lastHeld: Double
    }

    struct Sample: Sendable {
        var time: Double
        /// Nil: a staleness marker.
        var value: Double?
    }

    var answers = true
    /// It takes requests and does not answer.
    var hangs = false
    /// Until then it reads its log and refuses to answer.
    var replaysUntil = 0.0
    var scrapeInterval = 15.0
    var evaluationInterval = 15.0
    var nextScrape = 0.0
    var nextEvaluation = 0.0
    /// Whether the exporter's job is in its configuration.
    var hasTarget = true
    /// What its configuration makes of the labels of a series.
    var relabelled: Labels = [:]
    var rules: [Rule] = []
    private(set) var active: [String: [Active]] = [:]
    /// Beginnings of alerts, as `ALERTS_FOR_STATE` keeps them.
    private(set) var beginnings: [(labels: Labels, at: Double, until: Double)] = []
    private var series: [Labels: [Sample]] = [:]
    private var lastSeen: Set<Labels> = []

    /// Whether it works at all.
    var isRunning: Bool { answers && !hangs }

    mutating func restart(at time: Double, replaying seconds: Double) {
        active = [:]
        lastSeen = []
        replaysUntil = time + seconds
        nextScrape = replaysUntil + 0.3
        nextEvaluation = replaysUntil + 0.7
    }

    /// Takes in one scrape; nil: the exporter did not answer.
    mutating func scrape(_ answer: [(labels: Labels, value: Double, time: Double?)]?, at time: Double) {
        var seen: Set<Labels> = []
        for (labels, value, own) in hasTarget ? answer ?? [] : [] {
            let labels = labels.merging(relabelled) { $1 }
            let newest = series[labels]?.last?.time ?? 0
            // A series with timestamps of its own gets no staleness marker.
            if own == nil { seen.insert(labels) }
            guard (own ?? time) > newest else { continue }
            series[labels, default: []].append(Sample(time: own ?? time, value: value))
        }
        for labels in lastSeen.subtracting(seen) { series[labels, default: []].append(Sample(time: time, value: nil)) }
        lastSeen = seen
        for labels in series.keys { series[labels]?.removeAll { $0.time < time - 600 } }
    }

    /// Evaluates the rules; returns the alerts that fire, and those that just ended.
    mutating func evaluate(at time: Double) -> (firing: [(labels: Labels, since: Double)], ended: [Labels]) {
        var firing: [(labels: Labels, since: Double)] = []
        var ended: [Labels] = []
        beginnings.removeAll { $0.until < time - 1_000 }
        active = active.filter { name, _ in rules.contains { $0.name == name } }
        for rule in rules {
            let held = rows(of: rule, at: time).map { alertLabels($0, rule) }
            var alerts = active[rule.name] ?? []
            for labels in held where !alerts.contains(where: { $0.labels == labels }) {
                alerts.append(Active(labels: labels, activeAt: time, lastHeld: time))
                beginnings.append((labels, time, time))
            }
            for index in alerts.indices {
                if held.contains(alerts[index].labels) {
                    alerts[index].lastHeld = time
                    if time - alerts[index].activeAt >= rule.hold {
                        alerts[index].firesSince = alerts[index].firesSince ?? time
                    }
                }
            }
            for alert in alerts where !held.contains(alert.labels) {
                guard alert.firesSince != nil else { continue }
                if time - alert.lastHeld >= rule.keepFiring { ended.append(alert.labels) }
            }
            alerts.removeAll { alert in
                !held.contains(alert.labels)
                    && (alert.firesSince == nil || time - alert.lastHeld >= rule.keepFiring)
            }
            for alert in alerts {
                if let place = beginnings.lastIndex(where: { $0.labels == alert.labels }) {
                    beginnings[place].until = time
                }
            }
            active[rule.name] = alerts
            firing += alerts.compactMap { alert in alert.firesSince.map { (alert.labels, $0) } }
        }
        return (firing, ended)
    }

    private func alertLabels(_ row: Labels, _ rule: Rule) -> Labels {
        var labels = row
        labels["__name__"] = nil
        labels["alertname"] = rule.name
        return labels.merging(rule.labels) { $1 }
    }

    // MARK: Queries

    /// Rows of a rule's expression.
    func rows(of rule: Rule, at time: Double) -> [Labels] {
        var best: [Labels: Double] = [:]
        for (labels, sample) in newest(at: time) where labels["__name__"] == rule.metric && labels["job"] == "app" {
            guard let value = sample.value else { continue }
            let kept = rule.by.map { by in labels.filter { by.contains($0.key) } } ?? labels
            best[kept] = max(best[kept] ?? -.infinity, value)
        }
        return best.filter { rule.isAbove ? $0.value > rule.threshold : $0.value == rule.threshold }.map(\.key)
    }

    /// The newest sample of each series that a selector finds.
    func samples(of selector: PromQLSelector, at time: Double) -> [(Labels, Double)] {
        newest(at: time).compactMap { labels, sample in
            guard selector.metric == nil || labels["__name__"] == selector.metric,
                selector.matchers.allSatisfy({ Self.matches($0, labels) })
            else { return nil }
            return (labels.filter { $0.key != "__name__" }, sample.time)
        }
    }

    /// What the two questions about `ALERTS_FOR_STATE` answer: the last beginning within 15 minutes, and the mean
    /// seconds between them from four on.
    func beginnings(of selector: PromQLSelector, at time: Double) -> (last: Double?, mean: Double?) {
        let times = beginnings.filter { beginning in
            beginning.until > time - 900 && selector.matchers.allSatisfy { Self.matches($0, beginning.labels) }
        }.map(\.at)
        guard times.count >= 4, let first = times.first, let last = times.last else { return (times.last, nil) }
        return (last, (last - first) / Double(times.count - 1))
    }

    private func newest(at time: Double) -> [(Labels, Sample)] {
        series.compactMap { labels, samples in
            guard let sample = samples.last(where: { $0.time <= time }), sample.value != nil, time - sample.time < 300
            else { return nil }
            return (labels, sample)
        }
    }

    private static func matches(_ matcher: PromQLSelector.Matcher, _ labels: Labels) -> Bool {
        let value = labels[matcher.label] ?? ""
        switch matcher.comparison {
        case .equal: return value == matcher.value
        case .notEqual: return value != matcher.value
        case .matches:
            // Only `equalIfPresent` makes these: the text, escaped, or nothing.
            return value.isEmpty || matcher.value.replacing("\\", with: "") == value + "|"
        case .matchesNot: return value != matcher.value
        }
    }
}
