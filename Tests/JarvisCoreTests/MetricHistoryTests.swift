// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import JarvisCore

@Suite struct `The history of a metric` {
    /// Equal to a billionth, or to a billionth of what the series' values are made of.
    private func isEqual(_ found: Double, _ expected: Double, scale: Double = 0) -> Bool {
        (found - expected).magnitude <= 1e-9 * max(expected.magnitude, scale)
    }

    @Test func `has references of every kind`() throws {
        let cases = try #require(TrendFixture.shared).cases
        #expect(cases.count >= 20)
        let seen = Set(cases.map(\.expected.exhaustion))
        let all = [
            "expected", "flat", "movingAway", "reached", "tooFewPoints", "tooFarAhead", "ended", "interrupted",
        ]
        #expect(seen == Set(all))
    }

    @Test(arguments: TrendFixture.shared?.cases ?? [])
    func `is what numpy computes`(item: TrendFixture.Case) throws {
        let expected = item.expected
        let history = item.history
        #expect(history.points == expected.points)
        #expect(history.notFinite == expected.notFinite)
        #expect(history.missing == expected.missing)
        #expect(history.resets == expected.resets)
        #expect(history.jumps == expected.jumps)
        let summary: MetricHistory.Summary
        var fitted: TrendLine?
        switch history.findings {
        case .tooFewPoints(let found): summary = found
        case .measured(let found, let line): (summary, fitted) = (found, line)
        case .noPoints, .notFinite:
            Issue.record("no figures")
            return
        }
        #expect(isEqual(summary.current, expected.current))
        #expect(isEqual(summary.minimum, expected.minimum))
        #expect(isEqual(summary.maximum, expected.maximum))
        #expect(isEqual(summary.average, expected.average))
        #expect((fitted == nil) == (expected.line == nil))
        if let line = fitted, let expected = expected.line {
            // What is zero but for rounding is compared by the size of the values, over the hours looked at.
            let rounding = summary.maximum.magnitude * 1e-3
            #expect(isEqual(line.slope, expected.slope, scale: rounding))
            #expect(isEqual(line.slopeMargin, expected.slopeMargin))
            #expect(isEqual(line.valueAtEnd, expected.valueAtEnd))
            #expect(isEqual(line.noise, expected.noise))
            #expect(isEqual(line.effectiveCount, expected.effectiveCount))
            #expect(line.direction.rawValue == expected.direction)
        }
    }

    @Test(arguments: TrendFixture.shared?.cases ?? [])
    func `reaches the threshold when numpy says so, or does not for the same reason`(item: TrendFixture.Case) throws {
        let found = item.history.exhaustion(of: MetricThreshold(item.threshold, item.side))
        let name = "\(found)".prefix { $0 != "(" }.split(separator: ".").last ?? ""
        #expect(name == item.expected.exhaustion)
        guard let hours = item.expected.hours else { return }
        guard case .expected(let forecast) = found else {
            Issue.record("\(found)")
            return
        }
        #expect(isEqual(forecast.hours, hours[0]))
        #expect(isEqual(forecast.earliest, hours[1]))
        #expect(isEqual(forecast.latest, hours[2]))
        #expect(forecast.earliest <= forecast.hours && forecast.hours <= forecast.latest)
    }

    @Test func `knows the factors of Student's distribution`() throws {
        for pair in try #require(TrendFixture.shared).factors {
            #expect(isEqual(StudentT.factor(degreesOfFreedom: Int(pair[0])), pair[1]))
        }
    }

    private func history(
        _ values: [Double], kind: MetricHistory.Kind = .gauge, upTo end: Int? = nil
    ) -> MetricHistory {
        let origin = Date(timeIntervalSince1970: 1_790_000_000)
        let points = values.enumerated().map { index, value in
            MetricPoint(time: origin.addingTimeInterval(Double(index) * 60), value: value)
        }
        let last = origin.addingTimeInterval(Double(end ?? values.count - 1) * 60)
        return MetricHistory(
            MetricSeries(labels: LabelSet([:]), points: points),
            window: MetricWindow(start: origin, end: last, step: 60), kind: kind)
    }

    @Test func `of nothing, or of no numbers, says so`() {
        let empty = history([], upTo: 9)
        #expect(empty.findings == .noPoints)
        #expect(empty.missing == 10)
        #expect(empty.exhaustion(of: MetricThreshold(1, .above)) == .noValue)
        let none = history([.nan, .infinity, -.infinity])
        #expect(none.findings == .notFinite)
        #expect(none.notFinite == 3)
        #expect(none.exhaustion(of: MetricThreshold(1, .above)) == .noValue)
    }

    @Test func `forecasts nothing from a newest sample that is no number`() {
        let rising = (0..<30).map(Double.init)
        #expect(history(rising + [.nan]).exhaustion(of: MetricThreshold(60, .above)) == .noValue)
    }

    @Test func `does not take one sample that is missing at the end for the end`() {
        let rising = (0..<30).map(Double.init)
        guard case .expected = history(rising, upTo: 30).exhaustion(of: MetricThreshold(60, .above)) else {
            Issue.record("one is missing")
            return
        }
        let ended = history(rising, upTo: 31)
        #expect(
            ended.exhaustion(of: MetricThreshold(60, .above))
                == .ended(ended.window.start.addingTimeInterval(29 * 60)))
    }

    @Test func `of a counter goes on over its resets`() throws {
        let counted = history([10, 20, 30, 5, 15, 2], kind: .counter)
        guard case .tooFewPoints(let summary) = counted.findings else {
            Issue.record("it was not measured so")
            return
        }
        #expect(counted.resets == 2)
        #expect(summary.current == 30 + 15 + 2)
        #expect(summary.maximum == 47)
    }

    @Test func `has finite figures, however large the values are`() {
        func alternating(_ value: Double) -> MetricHistory {
            history((0..<20).map { value * ($0.isMultiple(of: 2) ? 1 : -1) })
        }
        guard case .measured(_, let line) = alternating(1e150).findings else {
            Issue.record("it was not measured so")
            return
        }
        #expect(line.direction == .flat)
        let figures = [line.slope, line.slopeMargin, line.noise, line.valueAtEnd]
        #expect(figures.filter { !$0.isFinite }.isEmpty)
        #expect(alternating(.greatestFiniteMagnitude).findings == .notFinite)
    }

    @Test func `leaves samples out that are far from the window`() {
        let times = [-1e12, -61, -59, 0, 60, 600, 661, 1e300]
        let start = Date(timeIntervalSince1970: 1_790_000_000)
        let points = times.map { MetricPoint(time: Date(timeIntervalSince1970: 1_790_000_000 + $0), value: $0) }
        let window = MetricWindow(start: start, end: start.addingTimeInterval(600), step: 60)
        let found = MetricHistory(MetricSeries(labels: LabelSet([:]), points: points), window: window, kind: .gauge)
        #expect(found.points == 4)
        #expect(found.missing == 8)
    }
}
