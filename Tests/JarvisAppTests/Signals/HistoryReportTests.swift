// SPDX-License-Identifier: Apache-2.0

import Foundation
import JarvisApp
import JarvisCore
import Testing

@Suite struct `The report of a metric's history` {
    @Test(
        arguments: [
            (0, "0"), (-0.0, "0"), (1, "1"), (42, "42"), (9999.4, "9999"), (9999.6, "10000"), (123_456, "123500"),
            (9_999_999, "1e+7"), (1.5e12, "1.5e+12"), (-3.25, "-3.25"), (0.012_345, "0.01235"), (0.0001, "0.0001"),
            (0.000_012, "1.2e-5"), (99.996, "100"), (.nan, "NaN"), (.infinity, "+Inf"), (-.infinity, "-Inf"),
            (.leastNonzeroMagnitude, "4.941e-324"), (.greatestFiniteMagnitude, "1.798e+308"), (1000.5, "1001"),
        ] as [(Double, String)])
    func `shows four digits of a number`(value: Double, text: String) {
        #expect(CompactNumber.text(value) == text)
    }

    private let start = Date(timeIntervalSince1970: 1_790_000_000)

    private func report(
        _ series: [[Double]], labels: [String: String] = ["__name__": "m", "a": "b\u{1B}"], end: Int = 19,
        kind: MetricHistory.Kind = .gauge, threshold: MetricThreshold? = nil, warnings: [String] = []
    ) -> HistoryReport {
        let window = MetricWindow(start: start, end: start.addingTimeInterval(Double(end) * 60), step: 60)
        let all = series.map { values in
            MetricSeries(
                labels: LabelSet(labels),
                points: values.enumerated().map { index, value in
                    MetricPoint(time: start.addingTimeInterval(Double(index) * 60), value: value)
                })
        }
        return HistoryReport(
            MetricRange(window: window, series: all, warnings: warnings), kind: kind, threshold: threshold)
    }

    private func lastColumn(_ values: [Double], _ threshold: MetricThreshold, end: Int = 19) -> String {
        let cells = report([values], end: end, threshold: threshold).lines().last ?? ""
        return cells.split(separator: "  ").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? ""
    }

    @Test func `has a line for each series, and says what is missing`() {
        let lines = report([(0..<20).map(Double.init), [1, .nan]], warnings: ["half\u{7}"]).lines()
        #expect(lines[0] == "2026-09-21T14:13:20Z to 2026-09-21T14:32:20Z, a sample every 60 s")
        #expect(lines[1] == "warning: half\u{FFFD}")
        #expect(lines[2].split(separator: " ").map(String.init).prefix(3) == ["SERIES", "NOW", "MIN"])
        #expect(lines[3].hasPrefix("m{a=\"b\u{FFFD}\"}  19   0    19   9.5  60 ±0     rising   20"))
        #expect(lines[4].contains("too few"))
        #expect(lines[4].contains("1+1 NaN"))
        #expect(report([]).lines().last == "no series: nothing matches, or nothing was measured")
        #expect(report([[]]).lines().last?.contains("no samples") == true)
        #expect(report([[.nan]]).lines().last?.contains("no numbers") == true)
        let many = report(Array(repeating: [1], count: 103)).lines()
        #expect(many.count == 103)
        #expect(many.last == "and 3 more series: select fewer, or take --json")
    }

    @Test func `says when the threshold is reached, or why nobody can say`() {
        let rising = (0..<20).map(Double.init)
        #expect(lastColumn(rising, MetricThreshold(79, .above)) == "in 1 h (1 to 1 h)")
        #expect(lastColumn(rising, MetricThreshold(19, .above)) == "reached")
        #expect(lastColumn(rising, MetricThreshold(-5, .below)) == "moves away")
        #expect(lastColumn(rising, MetricThreshold(1e6, .above)) == "not foreseeable (16670 h)")
        #expect(lastColumn(Array(repeating: 3, count: 20), MetricThreshold(9, .above)) == "unclear: flat within noise")
        #expect(lastColumn([1, 2, 3], MetricThreshold(9, .above), end: 2) == "unclear: 3 points are too few")
        #expect(
            lastColumn(rising, MetricThreshold(79, .above), end: 30) == "unclear: no samples since 2026-09-21T14:32:20Z"
        )
        #expect(lastColumn(rising + [.nan], MetricThreshold(79, .above), end: 20) == "unclear: no value")
        let jumped = rising.map { $0 > 9 ? $0 + 100 : $0 }
        #expect(
            lastColumn(jumped, MetricThreshold(500, .above)) == "unclear: the level jumped (1); look at a shorter time")
    }

    @Test func `is whole in JSON, where every number is one`() throws {
        let threshold = MetricThreshold(79, .above)
        let values = [(0..<20).map(Double.init), [1, .nan], [], [.infinity]]
        let document = report(values, threshold: threshold).document(of: "m")
        let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(document)) as? [String: Any]
        let series = try #require(json?["series"] as? [[String: Any]])
        #expect(series.map { $0["trend"] as? String } == ["rising", "tooFewPoints", "noPoints", "notFinite"])
        let forecasts = series.map { $0["exhaustion"] as? [String: Any] }
        #expect(forecasts.map { $0?["state"] as? String } == ["expected", "noValue", "noValue", "noValue"])
        #expect(((forecasts[0]?["hours"] as? Double ?? 0) - 1).magnitude < 1e-9)
        #expect(series[1]["slopePerHour"] == nil)
        #expect((series[1]["gaps"] as? [[String: Any]])?.count == 1)
    }
}
