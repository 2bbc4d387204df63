// SPDX-License-Identifier: Apache-2.0

/// What a metric counts like.
package enum MetricKind: Sendable, Equatable {
    /// Only grows.
    case counter
    /// Goes up and down.
    case gauge
    /// Counts observations in buckets with these upper bounds, in ascending order.
    case histogram([Double])

    var zero: Sample {
        switch self {
        case .counter, .gauge: .value(0)
        case .histogram(let bounds): .buckets(bounds: bounds, counts: bounds.map { _ in 0 }, sum: 0, count: 0)
        }
    }

    fileprivate var name: String {
        switch self {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }
}

enum Sample {
    case value(Double)
    case buckets(bounds: [Double], counts: [Int], sum: Double, count: Int)

    mutating func add(_ amount: Double) {
        if case .value(let value) = self { self = .value(value + amount) }
    }

    mutating func observe(_ value: Double) {
        guard case .buckets(let bounds, var counts, let sum, let count) = self else { return }
        for (index, bound) in bounds.enumerated() where value <= bound { counts[index] += 1 }
        self = .buckets(bounds: bounds, counts: counts, sum: sum + value, count: count + 1)
    }
}

struct Family {
    let kind: MetricKind
    let help: String
    let labels: [String]
    var series: [[String]: Sample] = [:]

    func render(as name: String, into text: inout String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.name)\n"
        for (values, sample) in series.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            let pairs = zip(labels, values).map { "\($0)=\"\(Self.escape($1))\"" }
            switch sample {
            case .value(let value): text += "\(name)\(Self.braced(pairs)) \(Self.number(value))\n"
            case .buckets(let bounds, let counts, let sum, let count):
                for (bound, counted) in zip(bounds, counts) {
                    text += "\(name)_bucket\(Self.braced(pairs + ["le=\"\(Self.number(bound))\""])) \(counted)\n"
                }
                text += "\(name)_bucket\(Self.braced(pairs + ["le=\"+Inf\""])) \(count)\n"
                text +=
                    "\(name)_sum\(Self.braced(pairs)) \(Self.number(sum))\n\(name)_count\(Self.braced(pairs)) \(count)\n"
            }
        }
    }

    private static func braced(_ pairs: [String]) -> String { pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}" }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }

    private static func escape(_ value: String) -> String {
        var escaped = ""
        for character in value.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
