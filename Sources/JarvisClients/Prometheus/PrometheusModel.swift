// SPDX-License-Identifier: Apache-2.0
package import FoundationEssentials
package import JarvisCore

/// How far an alert is; `inactive` never appears among the active alerts.
package enum PrometheusAlertState: String, Sendable, Decodable {
    case inactive, pending, firing
}

/// One active alert as Prometheus itself sees it, without the external labels.
package struct PrometheusAlert: Sendable, Equatable {
    package let labels: [String: String]
    package let annotations: [String: String]
    package let state: PrometheusAlertState
    package let activeAt: Date?
    /// The value of the expression; nil where it is no number.
    package let value: Double?
}

/// One alerting rule with its group's interval.
package struct PrometheusRule: Sendable, Equatable {
    /// Whether the last evaluation worked.
    package enum Health: String, Sendable, Decodable {
        case unknown
        case good = "ok"
        case failed = "err"
    }

    package let group: String
    package let name: String
    package let query: String
    /// The rule's `for`.
    package let duration: Duration
    package let keepFiringFor: Duration
    /// The rule's own labels; may hold templates.
    package let labels: [String: String]
    package let annotations: [String: String]
    package let alerts: [PrometheusAlert]
    package let health: Health
    package let lastError: String?
    /// Nil before the first evaluation.
    package let lastEvaluation: Date?
    package let evaluationInterval: Duration
}

/// One series at one instant.
package struct PrometheusSample: Sendable, Equatable {
    package let labels: [String: String]
    /// The instant of the evaluation, not of the scrape.
    package let time: Date
    /// Nil for a native histogram.
    package let value: Double?
}

/// The result of an instant query; a scalar is one sample without labels.
package struct PrometheusQueryResult: Sendable, Equatable {
    package let samples: [PrometheusSample]
    /// Not empty when the result may be incomplete, as from a remote store that was partly unreachable.
    package let warnings: [String]
}

/// One series over a time.
package struct PrometheusRangeSeries: Sendable, Equatable {
    package let labels: [String: String]
    /// Oldest first; native histograms are left out.
    package let points: [MetricPoint]
}

/// The result of a range query; a scalar is one series without labels.
package struct PrometheusRangeResult: Sendable, Equatable {
    package let series: [PrometheusRangeSeries]
    /// Not empty when the result may be incomplete.
    package let warnings: [String]
}

/// The parts of Prometheus' configuration that say how fresh its data can be.
package struct PrometheusSettings: Sendable, Equatable {
    package let scrapeInterval: Duration
    package let evaluationInterval: Duration
    /// Labels added to every alert on its way to Alertmanager.
    package let externalLabels: [String: String]
}

/// One scrape target.
package struct PrometheusTarget: Sendable, Equatable {
    package let labels: [String: String]
    /// `up`, `down` or `unknown`.
    package let health: String
    package let lastError: String
    package let lastScrape: Date?
    /// Nil where Prometheus is too old to say.
    package let scrapeInterval: Duration?
}
