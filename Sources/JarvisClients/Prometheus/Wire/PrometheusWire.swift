// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import JarvisCore

/// The shapes of Prometheus' answers, as they stand in its documentation.
enum PrometheusWire {
    struct Alerts: Decodable { let alerts: [Alert] }

    struct Alert: Decodable {
        let labels: [String: String]
        let annotations: [String: String]?
        let state: PrometheusAlertState
        let activeAt: String?
        let value: String?
    }

    struct Rules: Decodable { let groups: [Group] }

    struct Group: Decodable {
        let name: String
        let interval: Double
        let rules: [Rule]
    }

    /// A recording rule has another `type` and lacks most of this.
    struct Rule: Decodable {
        let type: String
        let name: String
        let query: String
        let duration: Double?
        let keepFiringFor: Double?
        let labels: [String: String]?
        let annotations: [String: String]?
        let alerts: [Alert]?
        let health: PrometheusRule.Health?
        let lastError: String?
        let lastEvaluation: String?
    }

    struct Configuration: Decodable { let yaml: String }

    struct Targets: Decodable { let activeTargets: [Target] }

    struct Target: Decodable {
        let labels: [String: String]
        let health: String
        let lastError: String?
        let lastScrape: String?
        let scrapeInterval: String?
    }

    /// A vector or a scalar; other kinds of result are refused.
    struct QueryResult: Decodable {
        let samples: [PrometheusSample]

        private enum Key: String, CodingKey { case resultType, result }
        private enum Kind: String, Decodable { case vector, scalar }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            switch try container.decode(Kind.self, forKey: .resultType) {
            case .vector: samples = try container.decode([Series].self, forKey: .result).map(\.sample)
            case .scalar:
                let point = try container.decode(Point.self, forKey: .result)
                samples = [PrometheusSample(labels: [:], time: point.time, value: point.value)]
            }
        }
    }

    /// A matrix; what else a range query can't give is refused.
    struct RangeResult: Decodable {
        let series: [PrometheusRangeSeries]

        private enum Key: String, CodingKey { case resultType, result }
        private enum Kind: String, Decodable { case matrix }

        private struct Row: Decodable {
            let metric: [String: String]
            let values: [Point]?
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            _ = try container.decode(Kind.self, forKey: .resultType)
            series = try container.decode([Row].self, forKey: .result).map { row in
                PrometheusRangeSeries(
                    labels: row.metric,
                    points: (row.values ?? []).map { MetricPoint(time: $0.time, value: $0.value) })
            }
        }
    }

    private struct Series: Decodable {
        let sample: PrometheusSample

        private enum Key: String, CodingKey { case metric, value, histogram }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            let labels = try container.decode([String: String].self, forKey: .metric)
            if container.contains(.histogram) {
                var pair = try container.nestedUnkeyedContainer(forKey: .histogram)
                let time = Date(timeIntervalSince1970: try pair.decode(Double.self))
                sample = PrometheusSample(labels: labels, time: time, value: nil)
            } else {
                let point = try container.decode(Point.self, forKey: .value)
                sample = PrometheusSample(labels: labels, time: point.time, value: point.value)
            }
        }
    }

    /// A pair of unix seconds and the value as text, as in `[1700000000.123, "42"]`.
    private struct Point: Decodable {
        let time: Date
        let value: Double

        init(from decoder: any Decoder) throws {
            var pair = try decoder.unkeyedContainer()
            time = Date(timeIntervalSince1970: try pair.decode(Double.self))
            let text = try pair.decode(String.self)
            guard let value = Double(text) else {
                throw DecodingError.dataCorruptedError(in: pair, debugDescription: "not a number")
            }
            self.value = value
        }
    }
}
