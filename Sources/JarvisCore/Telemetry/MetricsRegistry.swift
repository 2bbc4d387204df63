// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Counters, gauges and histograms, rendered in Prometheus' text format (version 0.0.4).
///
/// Label values must come from bounded sets; a family that still grows past `maximumSeries` stops taking new series
/// and counts what it left out in `jarvis_metrics_dropped_series_total`, so that memory stays bounded.
package final class MetricsRegistry: Sendable {
    private static let maximumSeries = 1_000

    private struct State {
        var families: [String: Family] = [:]
        var dropped = 0
    }

    private let state = Mutex(State())

    /// An empty registry.
    package init() {}

    /// Declares a family, so that it is rendered with its help even before its first sample.
    ///
    /// Declaring a name twice keeps the first declaration.
    package func declare(_ kind: MetricKind, _ name: String, help: String, labels: [String] = []) {
        state.withLock { state in
            guard state.families[name] == nil else { return }
            var family = Family(kind: kind, help: help, labels: labels)
            if labels.isEmpty { family.series[[]] = kind.zero }
            state.families[name] = family
        }
    }

    /// Adds to a counter or gauge; a name that was not declared is ignored.
    package func add(_ amount: Double, to name: String, _ labels: [String] = []) {
        update(name, labels) { $0.add(amount) }
    }

    /// Sets a gauge.
    package func set(_ value: Double, of name: String, _ labels: [String] = []) {
        update(name, labels) { $0 = .value(value) }
    }

    /// Records one observation in a histogram.
    package func observe(_ value: Double, in name: String, _ labels: [String] = []) {
        update(name, labels) { $0.observe(value) }
    }

    private func update(_ name: String, _ labels: [String], _ change: (inout Sample) -> Void) {
        state.withLock { state in
            // Changed in place: a copy of the family held here would have all its series copied each time.
            guard let place = state.families.index(forKey: name),
                state.families.values[place].labels.count == labels.count
            else { return }
            if let known = state.families.values[place].series.index(forKey: labels) {
                change(&state.families.values[place].series.values[known])
            } else if state.families.values[place].series.count < Self.maximumSeries {
                var sample = state.families.values[place].kind.zero
                change(&sample)
                state.families.values[place].series[labels] = sample
            } else {
                state.dropped += 1
            }
        }
    }

    /// The whole registry as text, families and series in a stable order.
    package func render() -> String {
        let (families, dropped) = state.withLock { ($0.families, $0.dropped) }
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            family.render(as: name, into: &text)
        }
        text += "# HELP jarvis_metrics_dropped_series_total Series left out because a family had too many.\n"
        text += "# TYPE jarvis_metrics_dropped_series_total counter\njarvis_metrics_dropped_series_total \(dropped)\n"
        return text
    }
}
