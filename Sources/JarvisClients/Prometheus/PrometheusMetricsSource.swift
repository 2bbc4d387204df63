// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import JarvisCore

/// Prometheus as the core's source of metrics.
package struct PrometheusMetricsSource: MetricsSource {
    private let client: any PrometheusAnswering

    /// Asks through this client.
    package init(_ client: any PrometheusAnswering) { self.client = client }

    package func reading(of labels: LabelSet) async throws(MetricsSourceError) -> JarvisCore.AlertRuleReading? {
        let reading: AlertRuleReading
        do {
            reading = try await client.reading(forAlertLabels: labels.values)
        } catch {
            throw MetricsSourceError(error.description)
        }
        switch reading.lookup {
        case .notFound: return nil
        case .ambiguous(let count):
            throw MetricsSourceError("\(count) rules could have made this alert and none shows it as active")
        case .found(let rule): return Self.translate(rule, reading)
        }
    }

    private static func translate(
        _ rule: AlertRuleReading.Rule, _ reading: AlertRuleReading
    ) -> JarvisCore.AlertRuleReading {
        let state: JarvisCore.AlertRuleReading.State =
            switch rule.state {
            case .firing: .firing
            case .pending: .pending
            case .inactive: .inactive
            }
        return JarvisCore.AlertRuleReading(
            state: state, ruleError: rule.health == .failed ? rule.lastError ?? "unknown" : nil,
            rows: reading.warnings.isEmpty ? rule.expressionRows : nil, presence: presence(rule),
            sourceTime: reading.prometheusTime, timing: timing(rule), annotations: rule.annotations,
            expression: rule.query)
    }

    private static func presence(_ rule: AlertRuleReading.Rule) -> JarvisCore.AlertRuleReading.Presence {
        guard rule.unexplainedLabels.isEmpty else {
            let names = rule.unexplainedLabels.sorted().joined(separator: ", ")
            return .underivable(reason: "nothing measured now accounts for the alert's labels \(names)")
        }
        // One active alert more than the state accounts for may be this one under other labels (alert relabelling).
        guard rule.compatibleAlerts <= (rule.state == .inactive ? 0 : 1) else {
            return .underivable(reason: "another active alert of the rule may be this one, relabelled")
        }
        return switch rule.presence {
        case .derivable(let selectors): .selectors(selectors.map { selector($0) })
        case .inverted(let absent): .selectors([selector(absent, inverted: true)])
        case .underivable(let reason): .underivable(reason: "\(reason)")
        }
    }

    private static func selector(
        _ selector: AlertRuleReading.Selector, inverted: Bool = false
    ) -> JarvisCore.AlertRuleReading.Selector {
        .init(
            text: "\(selector.narrowed)", newestSample: selector.newestSample, inverted: inverted,
            series: selector.freshSeries)
    }

    private static func timing(_ rule: AlertRuleReading.Rule) -> ObservationTiming {
        let selectors: [AlertRuleReading.Selector] =
            switch rule.presence {
            case .derivable(let selectors): selectors
            case .inverted(let selector): [selector]
            case .underivable: []
            }
        let scrape = selectors.map(\.scrapeInterval).max() ?? rule.defaultScrapeInterval
        let range = (rule.longestRange ?? .zero) + (rule.longestOffset ?? .zero)
        return ObservationTiming(
            scrapeInterval: scrape / .seconds(1), evaluationInterval: rule.evaluationInterval / .seconds(1),
            keepFiringFor: rule.keepFiringFor / .seconds(1), longestRange: range / .seconds(1),
            recurrence: rule.beginnings.mean.map { $0 / .seconds(1) },
            lastBeginning: rule.beginnings.last?.timeIntervalSince1970)
    }
}
