// SPDX-License-Identifier: Apache-2.0
/// The labels of one delivered alert, sorted by where they come from, to find the series it is about.
struct AlertLabelScope: Sendable {
    /// All labels as delivered.
    let delivered: [String: String]
    /// Labels that a series of this alert must carry or lack, but never with another value.
    let ofSeries: [String: String]

    /// Takes out the alert's name, what the rule itself sets and what Prometheus adds to every alert.
    init(delivered: [String: String], rule: PrometheusRule, externalLabels: [String: String]) {
        self.delivered = delivered
        ofSeries = delivered.filter { name, value in
            name != "alertname" && rule.labels[name] == nil && externalLabels[name] != value
        }
    }

    /// Whether a row belongs to the alert: each label both have is equal.
    func covers(_ row: [String: String]) -> Bool {
        row.allSatisfy { name, value in name == "__name__" || ofSeries[name].map { $0 == value } ?? true }
    }

    /// Whether an alert's labels could have become the delivered ones by adding and dropping some.
    func isCompatible(_ labels: [String: String]) -> Bool {
        labels.allSatisfy { name, value in delivered[name].map { $0 == value } ?? true }
    }

    /// The conditions that make Prometheus return only rows that belong to the alert.
    ///
    /// A label that an aggregation or join keeps by name has to be there: without this a series that lacks it (a
    /// cgroup that is no container, say) would stand in for the one that vanished.
    func matchers(for use: PromQLSelectors.Use) -> [PromQLSelector.Matcher] {
        ofSeries.sorted { $0.key < $1.key }.compactMap { name, value in
            use.keptLabels.contains(name) ? .init(name, .equal, value) : .equalIfPresent(name, value)
        }
    }

    /// Which labels none of the rows carries.
    func unexplained(by rows: [[String: String]]) -> Set<String> {
        Set(ofSeries.keys.filter { name in !rows.contains { $0[name] == ofSeries[name] } })
    }
}

extension PrometheusRule {
    /// Whether this rule can have made an alert with these labels.
    ///
    /// A label with a template can't be compared; one that is empty is no label.
    func canHaveMade(_ delivered: [String: String]) -> Bool {
        guard name == delivered["alertname"] else { return false }
        return labels.allSatisfy { label, value in
            value.contains("{{") || (delivered[label] ?? "") == value
        }
    }

    /// The active alert with these labels; external labels are only on the delivered side.
    func alert(for delivered: [String: String]) -> PrometheusAlert? {
        let candidates = alerts.filter { alert in alert.labels.allSatisfy { delivered[$0.key] == $0.value } }
        return candidates.max { left, right in
            (left.labels.count, left.state == .firing ? 1 : 0) < (right.labels.count, right.state == .firing ? 1 : 0)
        }
    }
}
