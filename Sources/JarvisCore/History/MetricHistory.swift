// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// What the samples of one series say about how it developed.
package struct MetricHistory: Sendable, Equatable {
    /// How values are to be read.
    package enum Kind: String, Sendable, Codable {
        /// Goes up and down.
        case gauge
        /// Only grows; where it falls it began again at zero, and goes on from what it had.
        case counter
    }

    /// A stretch of the grid without samples.
    package struct Gap: Sendable, Equatable {
        /// The last sample before it, or the start of the window.
        package let from: Date
        /// The first sample after it, or the end of the window.
        package let to: Date
        /// How many instants of the grid have no sample.
        package let missing: Int
    }

    /// Figures of all finite samples; those of a counter count on over its resets.
    package struct Summary: Sendable, Equatable {
        /// The newest sample.
        package let current: Double
        /// When that was.
        package let currentAt: Date
        /// The lowest value.
        package let minimum: Double
        /// The highest value.
        package let maximum: Double
        /// The mean of the samples.
        package let average: Double
    }

    /// What could be found out.
    package enum Findings: Sendable, Equatable {
        /// There is no sample in the window.
        case noPoints
        /// Every sample is NaN, infinite or beyond `largest`.
        case notFinite
        /// There are figures, and too few samples for a trend; or all are of one instant.
        case tooFewPoints(Summary)
        /// There are figures and a trend.
        case measured(Summary, TrendLine)
    }

    /// A value beyond this counts as infinite: what is computed from it would be.
    package static let largest = 1e150

    /// A trend of fewer samples is not told.
    package static let fewestPoints = 10

    /// What tells the series from others.
    package let labels: LabelSet
    /// How its values were read.
    package let kind: Kind
    /// The grid that was asked for.
    package let window: MetricWindow
    /// How many samples are finite.
    package let points: Int
    /// How many samples are NaN, infinite or beyond `largest`; they are in no figure.
    package let notFinite: Int
    /// Whether the newest sample is a number; false where there is none.
    package let endsInNumber: Bool
    /// Where samples are missing, the beginning and the end of the window included.
    package let gaps: [Gap]
    /// How often a counter began again; 0 for a gauge.
    package let resets: Int
    /// How often a gauge's level jumped: by more than half of its range and ten times its usual step; 0 for a counter.
    package let jumps: Int
    /// What could be found out.
    package let findings: Findings

    /// Reads a series on the grid it was asked on.
    ///
    /// Samples that are more than a step outside the window count for nothing.
    package init(_ series: MetricSeries, window: MetricWindow, kind: Kind) {
        let known = window.start.addingTimeInterval(-window.step)...window.end.addingTimeInterval(window.step)
        let all = series.points.filter { known.contains($0.time) }
        let finite = all.filter { $0.value.magnitude <= Self.largest }
        labels = series.labels
        self.kind = kind
        self.window = window
        points = finite.count
        notFinite = all.count - finite.count
        endsInNumber = all.last.map { $0.value.magnitude <= Self.largest } ?? false
        gaps = Self.gaps(all.map(\.time), window)
        let (counted, resets) = kind == .counter ? Self.countedOn(finite) : (finite, 0)
        self.resets = resets
        jumps = kind == .gauge ? Self.jumps(finite.map(\.value)) : 0
        findings = Self.findings(counted, of: all.count, window)
    }

    /// How many instants of the grid have no sample.
    package var missing: Int { gaps.reduce(0) { $0 + $1.missing } }

    private static func findings(_ points: [MetricPoint], of all: Int, _ window: MetricWindow) -> Findings {
        guard let last = points.last else { return all == 0 ? .noPoints : .notFinite }
        let values = points.map(\.value)
        let count = Double(values.count)
        let summary = Summary(
            current: last.value, currentAt: last.time, minimum: values.min() ?? last.value,
            maximum: values.max() ?? last.value, average: values.reduce(0, +) / count)
        guard points.count >= fewestPoints, let line = TrendLine(points, end: window.end) else {
            return .tooFewPoints(summary)
        }
        return .measured(summary, line)
    }

    private static func gaps(_ times: [Date], _ window: MetricWindow) -> [Gap] {
        guard let first = times.first, let last = times.last else {
            return [Gap(from: window.start, to: window.end, missing: window.instants)]
        }
        var gaps: [Gap] = []
        func add(_ from: Date, _ to: Date, missing: Double) {
            if missing >= 1 { gaps.append(Gap(from: from, to: to, missing: Int(missing))) }
        }
        add(window.start, first, missing: (first.timeIntervalSince(window.start) / window.step).rounded())
        for (before, after) in zip(times, times.dropFirst()) {
            add(before, after, missing: (after.timeIntervalSince(before) / window.step).rounded() - 1)
        }
        add(last, window.end, missing: (window.end.timeIntervalSince(last) / window.step).rounded(.down))
        return gaps
    }

    private static func countedOn(_ points: [MetricPoint]) -> (points: [MetricPoint], resets: Int) {
        var resets = 0
        var before = 0.0
        var previous = -Double.infinity
        let counted = points.map { point in
            if point.value < previous {
                resets += 1
                before += previous
            }
            previous = point.value
            return MetricPoint(time: point.time, value: point.value + before)
        }
        return (counted, resets)
    }

    private static func jumps(_ values: [Double]) -> Int {
        guard values.count >= fewestPoints, let lowest = values.min(), let highest = values.max() else { return 0 }
        let steps = zip(values, values.dropFirst()).map { ($1 - $0).magnitude }
        let usual = steps.sorted()[steps.count / 2]
        return steps.count { $0 > (highest - lowest) / 2 && $0 > 10 * usual }
    }
}
