// SPDX-License-Identifier: Apache-2.0

import JarvisCore

/// A history as JSON.
package struct HistoryDocument: Encodable, Sendable {
    /// One series; what could not be found out is absent.
    package struct Series: Encodable, Sendable {
        let labels: LabelSet
        let kind: String
        let points: Int
        let notFinite: Int
        let missing: Int
        let gaps: [Gap]
        let resets: Int
        let jumps: Int
        let current: Double?
        let minimum: Double?
        let maximum: Double?
        let average: Double?
        let slopePerHour: Double?
        let slopeMargin: Double?
        let noise: Double?
        let trend: String
        let exhaustion: Forecast?
    }

    struct Gap: Encodable {
        let from: String
        let to: String
        let missing: Int
    }

    struct Forecast: Encodable {
        let threshold: Double
        let side: String
        let state: String
        var hours: Double?
        var earliestHours: Double?
        var latestHours: Double?
    }

    let expression: String
    let from: String
    let to: String
    let stepSeconds: Double
    let warnings: [String]
    let series: [Series]
}

extension HistoryDocument.Series {
    init(_ history: MetricHistory, _ threshold: MetricThreshold?) {
        var summary: MetricHistory.Summary?
        var line: TrendLine?
        let trend: String
        switch history.findings {
        case .noPoints: trend = "noPoints"
        case .notFinite: trend = "notFinite"
        case .tooFewPoints(let found): (summary, trend) = (found, "tooFewPoints")
        case .measured(let found, let fitted):
            (summary, line, trend) = (found, fitted, fitted.direction.rawValue)
        }
        self.init(
            labels: history.labels, kind: history.kind.rawValue, points: history.points, notFinite: history.notFinite,
            missing: history.missing,
            gaps: history.gaps.map {
                .init(from: RFC3339.format($0.from), to: RFC3339.format($0.to), missing: $0.missing)
            },
            resets: history.resets, jumps: history.jumps, current: summary?.current, minimum: summary?.minimum,
            maximum: summary?.maximum, average: summary?.average, slopePerHour: line?.slope,
            slopeMargin: line?.slopeMargin, noise: line?.noise, trend: trend,
            exhaustion: threshold.map { .init($0, history.exhaustion(of: $0)) })
    }
}

extension HistoryDocument.Forecast {
    fileprivate init(_ threshold: MetricThreshold, _ exhaustion: Exhaustion) {
        let state =
            switch exhaustion {
            case .reached: "reached"
            case .expected: "expected"
            case .tooFarAhead: "tooFarAhead"
            case .flat: "flat"
            case .movingAway: "movingAway"
            case .tooFewPoints: "tooFewPoints"
            case .noValue: "noValue"
            case .ended: "ended"
            case .interrupted: "interrupted"
            }
        self.init(threshold: threshold.value, side: threshold.side.rawValue, state: state)
        switch exhaustion {
        case .expected(let forecast):
            (hours, earliestHours, latestHours) = (forecast.hours, forecast.earliest, forecast.latest)
        case .tooFarAhead(let far): hours = far
        default: break
        }
    }
}
