// SPDX-License-Identifier: Apache-2.0
package import FoundationEssentials

/// What Prometheus can say about one alert at one moment: facts only, the verdict is made elsewhere.
package struct AlertRuleReading: Sendable, Equatable {
    /// Whether the alert's rule is there.
    package enum Lookup: Sendable, Equatable {
        case notFound
        /// Several rules could have made this alert, and none of them shows it as active.
        case ambiguous(count: Int)
        case found(Rule)
    }

    package let lookup: Lookup
    /// Prometheus' own clock at the reading; all queries were evaluated at this instant.
    package let prometheusTime: Date
    /// Our clock in the middle of asking for that time; the difference is the skew.
    package let localTime: Date
    /// Not empty when a result may be incomplete; then emptiness means nothing.
    package let warnings: [String]

    /// The rule and everything measured for the alert's labels.
    package struct Rule: Sendable, Equatable {
        package let group: String
        package let query: String
        /// As the operator wrote them: Prometheus gives the templates here and the expanded texts with alerts.
        package let annotations: [String: String]
        /// The state of the alert with exactly these labels.
        package let state: PrometheusAlertState
        package let activeAt: Date?
        /// Active alerts of the rule whose labels do not contradict the delivered ones, this alert included.
        ///
        /// More than the state accounts for means that relabelling on the way to Alertmanager may have hidden this alert.
        package let compatibleAlerts: Int
        package let health: PrometheusRule.Health
        package let lastError: String?
        package let duration: Duration
        package let keepFiringFor: Duration
        package let evaluationInterval: Duration
        package let lastEvaluation: Date?
        /// Nil where the expression was not understood.
        package let longestRange: Duration?
        package let longestOffset: Duration?
        package let beginnings: Beginnings
        /// How many rows the expression has now for these labels; zero is what a repaired rule and a dead exporter share.
        package let expressionRows: Int
        package let presence: Presence
        /// Labels of the alert that neither the rule, the external labels nor any counted series accounts for.
        ///
        /// Not empty means that the thing the alert is about was not seen, whatever the selectors returned. Where presence
        /// is underivable no selector was asked, so that only the expression's own rows account for labels.
        package let unexplainedLabels: Set<String>
        /// The global scrape interval, for targets without one of their own.
        package let defaultScrapeInterval: Duration
    }

    /// When the alert became active within the last 15 minutes, by Prometheus' own record.
    package struct Beginnings: Sendable, Equatable {
        /// The last time; nil where it was not active at all.
        package let last: Date?
        /// The mean time from one to the next; nil where there were less than four.
        package let mean: Duration?
    }

    /// Whether the samples behind the expression are there.
    package enum Presence: Sendable, Equatable {
        /// An empty expression is good if every one of these is fresh.
        case derivable([Selector])
        /// The expression is `absent(…)` of this selector: fresh is good.
        case inverted(Selector)
        case underivable(PromQLSelectors.Reason)
    }

    /// One instant selector of the expression, narrowed to the alert's labels.
    package struct Selector: Sendable, Equatable {
        /// As in the rule.
        package let selector: PromQLSelector
        /// As it was asked for.
        package let narrowed: PromQLSelector
        /// How many series it has; zero means that nothing is there.
        package let series: Int
        /// How many of them have a sample that is not older than two scrapes.
        package let freshSeries: Int
        /// The samples' own timestamps, which an exporter may have set long ago.
        package let newestSample: Date?
        package let oldestSample: Date?
        /// The longest interval among the targets of these series; the global one where no target is known.
        package let scrapeInterval: Duration
    }
}
