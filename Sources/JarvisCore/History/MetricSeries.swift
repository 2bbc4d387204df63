// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// One sample: when, and how much; the value may be NaN or infinite.
package struct MetricPoint: Sendable, Equatable {
    /// When it was measured, or the instant that an expression was evaluated at.
    package let time: Date
    /// The value as it was told.
    package let value: Double

    /// Records a sample.
    package init(time: Date, value: Double) {
        self.time = time
        self.value = value
    }
}

/// The samples of one series in the order of their times.
package struct MetricSeries: Sendable, Equatable {
    /// What tells it from the other series of its expression.
    package let labels: LabelSet
    /// Its samples, oldest first.
    package let points: [MetricPoint]

    /// Records a series; puts its samples in order.
    package init(labels: LabelSet, points: [MetricPoint]) {
        self.labels = labels
        self.points = points.sorted { $0.time < $1.time }
    }
}

/// The grid of instants that was asked for.
package struct MetricWindow: Sendable, Equatable {
    /// The first instant.
    package let start: Date
    /// Nothing later was asked for.
    package let end: Date
    /// Seconds between neighbouring instants; above zero.
    package let step: Double

    /// A grid; a step of zero or less becomes a second, and an end before the start the start.
    package init(start: Date, end: Date, step: Double) {
        self.start = start
        self.end = max(start, end)
        self.step = step > 0 ? step : 1
    }

    /// How many instants it has.
    package var instants: Int { max(0, Int((end.timeIntervalSince(start) / step).rounded(.down))) + 1 }
}
