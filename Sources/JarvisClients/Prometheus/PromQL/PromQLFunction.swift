// SPDX-License-Identifier: Apache-2.0
/// What Jarvis knows about PromQL's functions: only these keep the link between a sample and its labels visible.
enum PromQLFunction {
    /// What an argument has to be.
    enum Argument { case range, value }

    /// The arguments of a function, of which the last `optional` may be left out; nil for an unknown function.
    static func signature(of name: String) -> (arguments: [Argument], optional: Int)? {
        if ofRange.contains(name) { return ([.range], 0) }
        if ofVector.contains(name) { return ([.value], 0) }
        if ofTime.contains(name) { return ([.value], 1) }
        switch name {
        case "time", "pi": return ([], 0)
        case "quantile_over_time": return ([.value, .range], 0)
        case "predict_linear": return ([.range, .value], 0)
        case "holt_winters": return ([.range, .value, .value], 0)
        case "round": return ([.value, .value], 1)
        case "clamp": return ([.value, .value, .value], 0)
        case "clamp_max", "clamp_min", "histogram_quantile": return ([.value, .value], 0)
        default: return nil
        }
    }

    private static let ofRange: Set<String> = [
        "rate", "irate", "increase", "delta", "idelta", "deriv", "changes", "resets", "avg_over_time", "min_over_time",
        "max_over_time", "sum_over_time", "count_over_time", "stddev_over_time", "stdvar_over_time", "last_over_time",
        "present_over_time",
    ]

    private static let ofVector: Set<String> = [
        "abs", "ceil", "floor", "exp", "ln", "log2", "log10", "sqrt", "sgn", "scalar", "sort", "sort_desc", "timestamp",
        "acos", "acosh", "asin", "asinh", "atan", "atanh", "cos", "cosh", "sin", "sinh", "tan", "tanh", "deg", "rad",
    ]

    private static let ofTime: Set<String> = [
        "minute", "hour", "day_of_week", "day_of_month", "day_of_year", "days_in_month", "month", "year",
    ]

    /// Aggregations and whether they take a parameter before the vector.
    static let aggregations: [String: Bool] = [
        "sum": false, "avg": false, "min": false, "max": false, "count": false, "group": false, "stddev": false,
        "stdvar": false, "topk": true, "bottomk": true, "quantile": true, "count_values": true,
    ]

    /// Words that can't stand for a metric here, although some of them could in Prometheus.
    static let keywords: Set<String> = [
        "and", "or", "unless", "atan2", "by", "without", "on", "ignoring", "group_left", "group_right", "bool",
        "offset", "start", "end",
    ]
}
