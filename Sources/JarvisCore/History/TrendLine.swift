// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// The straight line through samples by least squares, with what noise leaves of it.
///
/// Neighbouring samples of a metric resemble each other, so a series holds less than its number of samples: the standard
/// errors are those of so many independent samples as the correlation of neighbouring residuals leaves. Slopes are per
/// hour by the samples' own times.
package struct TrendLine: Sendable, Equatable {
    /// Where the values go.
    package enum Direction: String, Sendable, Codable {
        /// They change by more than noise explains.
        case rising, falling
        /// The 95 % confidence interval of the slope holds zero, or the change is below what a number can hold.
        case flat
    }

    /// Units per hour.
    package let slope: Double
    /// Half the width of the slope's 95 % confidence interval.
    package let slopeMargin: Double
    /// The value of the line at the end of the window.
    package let valueAtEnd: Double
    /// The standard deviation of the samples around the line.
    package let noise: Double
    /// So many independent samples the series is worth.
    package let effectiveCount: Double
    /// Where the values go.
    package let direction: Direction
    /// Hours between the first and the last sample.
    package let span: Double

    /// Hours from the mean of the times to the end of the window.
    private let hoursToEnd: Double
    private let mean: Double
    private let meanMargin: Double

    /// The line through at least three finite samples at more than one time; nil for anything less.
    init?(_ points: [MetricPoint], end: Date) {
        guard points.count > 2 else { return nil }
        let count = Double(points.count)
        let origin = points[0].time
        let hours = points.map { $0.time.timeIntervalSince(origin) / 3600 }
        let meanHour = hours.reduce(0, +) / count
        let mean = points.reduce(0) { $0 + $1.value } / count
        let offsets = hours.map { $0 - meanHour }
        let spread = offsets.reduce(0) { $0 + $1 * $1 }
        guard spread > 0 else { return nil }
        let slope = zip(offsets, points).reduce(0) { $0 + $1.0 * ($1.1.value - mean) } / spread
        let residuals = zip(offsets, points).map { ($0.1.value - mean) - slope * $0.0 }
        let largest = points.reduce(0) { max($0, $1.value.magnitude) }
        let scatter = Self.scatter(residuals, resolution: largest * 1e-12)
        let factor = StudentT.factor(degreesOfFreedom: Int(scatter.effectiveCount) - 2)
        let margin = factor * scatter.deviation * (scatter.inflation / spread).squareRoot()
        span = (hours.last ?? 0) - (hours.first ?? 0)
        let change = slope.magnitude * span

        self.slope = slope
        slopeMargin = margin
        noise = scatter.deviation
        effectiveCount = scatter.effectiveCount
        if slope.magnitude > margin, change > largest * 1e-12 {
            direction = slope > 0 ? .rising : .falling
        } else {
            direction = .flat
        }
        hoursToEnd = end.timeIntervalSince(origin) / 3600 - meanHour
        self.mean = mean
        meanMargin = factor * scatter.deviation * (scatter.inflation / count).squareRoot()
        valueAtEnd = mean + slope * hoursToEnd
    }

    /// When the line is at a value, and between which times its 95 % confidence band is: hours from the end of the window.
    ///
    /// Nil for a flat line, of which nobody can say when it is anywhere. These are the limits of Fieller's theorem: the
    /// instants at which the value leaves the band around the line.
    func crossing(of value: Double) -> (hours: Double, earliest: Double, latest: Double)? {
        guard direction != .flat else { return nil }
        let distance = value - mean
        let lead = slope * slope - slopeMargin * slopeMargin
        let root = (slopeMargin * slopeMargin * distance * distance + lead * meanMargin * meanMargin).squareRoot()
        let limits = [(slope * distance - root) / lead, (slope * distance + root) / lead]
        return (
            distance / slope - hoursToEnd, min(limits[0], limits[1]) - hoursToEnd,
            max(limits[0], limits[1]) - hoursToEnd
        )
    }

    private static func scatter(
        _ residuals: [Double], resolution: Double
    ) -> (deviation: Double, effectiveCount: Double, inflation: Double) {
        let count = Double(residuals.count)
        let squares = residuals.reduce(0) { $0 + $1 * $1 }
        // What is left of an exact line is rounding, whose correlation means nothing.
        guard squares > resolution * resolution * count else { return (0, count, 1) }
        let products = zip(residuals, residuals.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
        let correlation = min(max(products / squares, 0), 0.99)
        let inflation = (1 + correlation) / (1 - correlation)
        return ((squares / (count - 2)).squareRoot(), count / inflation, inflation)
    }
}
