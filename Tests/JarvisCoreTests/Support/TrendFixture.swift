// SPDX-License-Identifier: Apache-2.0

import Foundation
import JarvisCore

/// `Tests/Fixtures/trends.json`: series, and what numpy says about them; `scripts/trend-reference` makes it.
struct TrendFixture: Decodable, Sendable {
    struct Expected: Decodable, Sendable {
        struct Line: Decodable, Sendable {
            let slope: Double
            let slopeMargin: Double
            let valueAtEnd: Double
            let noise: Double
            let effectiveCount: Double
            let direction: String
        }

        let points: Int
        let notFinite: Int
        let missing: Int
        let resets: Int
        let jumps: Int
        let current: Double
        let minimum: Double
        let maximum: Double
        let average: Double
        let line: Line?
        let exhaustion: String
        let hours: [Double]?
    }

    struct Case: Decodable, Sendable, CustomStringConvertible {
        let name: String
        let kind: MetricHistory.Kind
        let start: Double
        let end: Double
        let step: Double
        let threshold: Double
        let side: MetricThreshold.Side
        let times: [Double]
        let values: [Value]
        let expected: Expected
        var description: String { name }

        var history: MetricHistory {
            let origin = Date(timeIntervalSince1970: start)
            let points = zip(times, values).map { time, value in
                MetricPoint(time: origin.addingTimeInterval(time), value: value.number)
            }
            return MetricHistory(
                MetricSeries(labels: LabelSet([:]), points: points),
                window: MetricWindow(start: origin, end: Date(timeIntervalSince1970: end), step: step), kind: kind)
        }
    }

    /// A number, or the name of what is none.
    struct Value: Decodable, Sendable {
        let number: Double

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                number = Double(text) ?? .nan
            } else {
                number = try container.decode(Double.self)
            }
        }
    }

    let factors: [[Double]]
    let cases: [Case]

    static let shared: TrendFixture? = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = folder.appending(path: "Fixtures").appending(path: "trends.json")
        return (try? Data(contentsOf: file)).flatMap { try? JSONDecoder().decode(TrendFixture.self, from: $0) }
    }()
}
