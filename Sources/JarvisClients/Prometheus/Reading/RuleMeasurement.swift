// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

/// The answers to the queries of one reading, as they come in.
struct RuleMeasurement {
    let selectors: PromQLSelectors
    let expressionRows: [[String: String]]
    let beginnings: AlertRuleReading.Beginnings
    private(set) var warnings: [String]
    private(set) var readings: [AlertRuleReading.Selector] = []
    private(set) var seriesLabels: [[String: String]] = []

    init(
        selectors: PromQLSelectors, expressionRows: [[String: String]], beginnings: AlertRuleReading.Beginnings,
        warnings: [String]
    ) {
        self.selectors = selectors
        self.expressionRows = expressionRows
        self.beginnings = beginnings
        self.warnings = warnings
    }

    mutating func add(
        _ use: PromQLSelectors.Use, _ narrowed: PromQLSelector, _ result: PrometheusQueryResult,
        _ intervals: ScrapeIntervals, otherwise interval: Duration
    ) {
        let times = result.samples.compactMap(\.value).filter(\.isFinite).map(Date.init(timeIntervalSince1970:))
        let labels = result.samples.map(\.labels)
        let interval = labels.compactMap { intervals[$0] }.max() ?? interval
        let staleAfter = 2 * (interval / .seconds(1)) + 2
        let evaluated = result.samples.first?.time
        readings.append(
            AlertRuleReading.Selector(
                selector: use.selector, narrowed: narrowed, series: result.samples.count,
                freshSeries: times.count { evaluated?.timeIntervalSince($0) ?? 0 <= staleAfter },
                newestSample: times.max(), oldestSample: times.min(), scrapeInterval: interval))
        seriesLabels += labels
        warnings += result.warnings
    }

    var presence: AlertRuleReading.Presence {
        switch selectors.presence {
        case .underivable(let reason): .underivable(reason)
        case .derivable: .derivable(readings)
        case .inverted: readings.first.map { .inverted($0) } ?? .underivable(.noSelector)
        }
    }
}

/// The scrape interval of each target, by what names it in its series.
struct ScrapeIntervals {
    private struct Name: Hashable {
        let job: String?
        let instance: String?
    }

    private var intervals: [Name: Duration] = [:]

    init(_ targets: [PrometheusTarget]) {
        for target in targets {
            let name = Name(job: target.labels["job"], instance: target.labels["instance"])
            guard let interval = target.scrapeInterval else { continue }
            intervals[name] = max(interval, intervals[name] ?? .zero)
        }
    }

    subscript(labels: [String: String]) -> Duration? {
        intervals[Name(job: labels["job"], instance: labels["instance"])]
    }
}

extension AlertRuleReading.Rule {
    init(
        _ rule: PrometheusRule, _ scope: AlertLabelScope, _ settings: PrometheusSettings, _ measurement: RuleMeasurement
    ) {
        let alert = rule.alert(for: scope.delivered)
        self.init(
            group: rule.group, query: rule.query, annotations: rule.annotations, state: alert?.state ?? .inactive,
            activeAt: alert?.activeAt,
            compatibleAlerts: rule.alerts.count { scope.isCompatible($0.labels) },
            health: rule.health, lastError: rule.lastError, duration: rule.duration,
            keepFiringFor: rule.keepFiringFor, evaluationInterval: rule.evaluationInterval,
            lastEvaluation: rule.lastEvaluation, longestRange: measurement.selectors.longestRange,
            longestOffset: measurement.selectors.longestOffset, beginnings: measurement.beginnings,
            expressionRows: measurement.expressionRows.count, presence: measurement.presence,
            unexplainedLabels: scope.unexplained(by: measurement.expressionRows + measurement.seriesLabels),
            defaultScrapeInterval: settings.scrapeInterval)
    }
}
