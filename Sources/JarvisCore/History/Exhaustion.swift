// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// A value that a metric should not go beyond.
package struct MetricThreshold: Sendable, Equatable {
    /// On which side of the value the trouble is.
    package enum Side: String, Sendable, Codable, CaseIterable {
        /// Trouble is at the value and above it, as with used memory.
        case above
        /// Trouble is at the value and below it, as with free space.
        case below
    }

    /// The value.
    package let value: Double
    /// Where the trouble is.
    package let side: Side

    /// A threshold.
    package init(_ value: Double, _ side: Side) {
        self.value = value
        self.side = side
    }

    /// Whether a value is in trouble already.
    package func isReached(by other: Double) -> Bool { side == .above ? other >= value : other <= value }
}

/// When a series goes beyond a threshold if it goes on as it did, or why nobody can say.
package enum Exhaustion: Sendable, Equatable {
    /// Hours from the end of the window, with the 95 % confidence band of the line.
    package struct Forecast: Sendable, Equatable {
        /// When the line is at the threshold; zero when it has been there.
        package let hours: Double
        /// The earliest time that the samples leave possible; never below zero.
        package let earliest: Double
        /// The latest.
        package let latest: Double
    }

    /// The newest sample is there already.
    case reached
    /// It will be there.
    case expected(Forecast)
    /// The line meets the threshold, but later than ten times the time that its samples span.
    case tooFarAhead(hours: Double)
    /// What changes is no more than noise.
    case flat
    /// It goes the other way.
    case movingAway
    /// There are fewer samples than a trend needs.
    case tooFewPoints(Int)
    /// There is no sample, or the newest is NaN or infinite.
    case noValue
    /// There are no samples any more: since when.
    case ended(Date)
    /// A gauge's level jumped within the window, so one line says nothing; how often.
    case interrupted(jumps: Int)
}

extension MetricHistory {
    /// When the series goes beyond a threshold, should it go on like this.
    package func exhaustion(of threshold: MetricThreshold) -> Exhaustion {
        guard let (summary, line) = summaryAndLine, endsInNumber else { return .noValue }
        // Two instants: the newest sample may just not have been taken yet.
        if let gap = gaps.last, gap.to == window.end, gap.from >= summary.currentAt, gap.missing >= 2 {
            return .ended(gap.from)
        }
        if threshold.isReached(by: summary.current) { return .reached }
        guard let line else { return .tooFewPoints(points) }
        if jumps > 0 { return .interrupted(jumps: jumps) }
        if line.direction == .flat { return .flat }
        guard (line.direction == .rising) == (threshold.side == .above) else { return .movingAway }
        guard let crossing = line.crossing(of: threshold.value) else { return .flat }
        guard crossing.hours <= line.span * Self.farthest else { return .tooFarAhead(hours: crossing.hours) }
        return .expected(
            Exhaustion.Forecast(
                hours: max(0, crossing.hours), earliest: max(0, crossing.earliest), latest: max(0, crossing.latest)))
    }

    /// A line is not believed for longer than so many times the time it was seen.
    private static let farthest = 10.0

    private var summaryAndLine: (MetricHistory.Summary, TrendLine?)? {
        switch findings {
        case .noPoints, .notFinite: nil
        case .tooFewPoints(let summary): (summary, nil)
        case .measured(let summary, let line): (summary, line)
        }
    }
}
