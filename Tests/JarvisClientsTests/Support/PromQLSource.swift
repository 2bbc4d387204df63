// SPDX-License-Identifier: Apache-2.0
import JarvisTestSupport

/// Makes expressions up over the series of `alert_series.txt`; most of them are PromQL.
struct PromQLSource {
    private var random: Seeded

    init(seed: UInt64) { random = Seeded(seed) }

    private static let metrics = [
        "up", "maintenance", "node_load1", "node_load5", "node_cpu_seconds_total", "node_uname_info",
        "node_network_receive_bytes_total", "node_filesystem_avail_bytes", "node_filesystem_size_bytes",
        "container_memory_usage_bytes", "container_cpu_usage_seconds_total", "scrape_duration_seconds",
        "nginx_http_request_duration_seconds_bucket",
    ]
    private static let labels = ["job", "instance", "device", "mode", "cpu", "name", "le", "mountpoint", "nodename"]
    private static let matchers = [
        #"job="node""#, #"job!="node""#, #"instance=~"a.*|b.*""#, #"name!~"x.*""#, #"device="eth0""#, #"mode!="""#,
        #"instance="a:9100""#, "cpu=~'0|1'",
    ]

    mutating func vector(depth: Int) -> String {
        guard depth > 0 else { return selector() }
        let inner = depth - 1
        switch pick(0..<20) {
        case 0, 1: return selector()
        case 2: return "\(pick(["rate", "increase", "changes", "max_over_time", "delta"]))(\(range(inner)))"
        case 3: return "\(pick(["abs", "ceil", "-", "timestamp", "sgn", "sort"]))(\(vector(depth: inner)))"
        case 4, 5, 6, 7: return aggregation(inner)
        case 8: return "\(pick(["topk", "bottomk"]))\(grouping())(\(pick(1..<4)), \(vector(depth: inner)))"
        case 9, 10, 11: return join(inner)
        case 12, 13, 14: return set(inner)
        case 15:
            let scalar = pick(["1", "0.5", "scalar(\(vector(depth: 0)))", "time()"])
            return "(\(vector(depth: inner)) \(pick(["+", ">", "== bool", "*", "<", "!="])) \(scalar))"
        case 16:
            return "label_replace(\(vector(depth: inner)), \"\(label())\", \"$1\", \"\(label())\", \"(.*):.*\")"
        case 17: return pick([true, false]) ? "absent(\(vector(depth: inner)))" : "absent(\(selector()))"
        case 18: return "count_values\(grouping())(\"\(label())\", \(vector(depth: inner)))"
        default:
            return pick([true, false])
                ? "histogram_quantile(0.9, \(vector(depth: inner)))" : pick(["vector(1)", "hour()", "(\(selector()))"])
        }
    }

    /// The expression with a byte or a word taken out, doubled or put elsewhere.
    mutating func mutilated(_ expression: String) -> String {
        var characters = Array(expression)
        for _ in 0..<pick(1..<4) where !characters.isEmpty {
            let place = pick(0..<characters.count)
            switch pick(0..<4) {
            case 0: characters.remove(at: place)
            case 1: characters.insert(characters[place], at: pick(0..<characters.count))
            case 2: characters.insert(pick(Array("{}()[],\"'`#:=~!<>@-+ \n5m")), at: place)
            default: characters.swapAt(place, pick(0..<characters.count))
            }
        }
        return String(characters)
    }

    private mutating func selector() -> String {
        let conditions = (0..<pick(0..<3)).map { _ in pick(Self.matchers) }.joined(separator: ",")
        let comma = !conditions.isEmpty && pick(0..<4) == 0 ? "," : ""
        let braces = conditions.isEmpty ? pick(["", "", "{}", "{ }"]) : "{\(conditions)\(comma)}"
        return pick(Self.metrics) + braces + pick(["", "", "", "", " offset 5m", " @ 1793505000"])
    }

    private mutating func range(_ depth: Int) -> String {
        if pick(0..<3) == 0 { return "(\(vector(depth: depth)))[10m:\(pick(["", "2m"]))]" }
        let plain = pick(Self.metrics) + pick(["", #"{job="node"}"#])
        return "\(plain)[\(pick(["5m", "30m"]))]" + pick(["", "", " offset 5m"])
    }

    private mutating func aggregation(_ depth: Int) -> String {
        let name = pick(["sum", "max", "count", "avg", "group", "stddev"])
        let inner = vector(depth: depth)
        return pick([true, false]) ? "\(name)\(grouping())(\(inner))" : "\(name)(\(inner))\(grouping())"
    }

    private mutating func join(_ depth: Int) -> String {
        let sign = pick(["+", "-", "*", "/", ">", "==", "!= bool", "<"])
        let many = pick(["", "", " group_left", " group_left(nodename)", " group_right", " group_left(\(label()))"])
        return "(\(vector(depth: depth)) \(sign) \(matching())\(many.isEmpty ? "" : many) \(vector(depth: depth)))"
    }

    private mutating func set(_ depth: Int) -> String {
        let match = pick([true, false]) ? matching() : ""
        return "(\(vector(depth: depth)) \(pick(["and", "or", "unless"])) \(match) \(vector(depth: depth)))"
    }

    private mutating func matching() -> String { "\(pick(["on", "ignoring"]))(\(list()))" }

    private mutating func grouping() -> String {
        switch pick(0..<4) {
        case 0: ""
        case 1: " without(\(list()))"
        default: " by(\(list()))"
        }
    }

    private mutating func list() -> String { (0..<pick(0..<4)).map { _ in label() }.joined(separator: ", ") }

    private mutating func label() -> String { pick(Self.labels) }

    private mutating func pick(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }

    private mutating func pick<Value>(_ values: [Value]) -> Value { values[pick(0..<values.count)] }
}
