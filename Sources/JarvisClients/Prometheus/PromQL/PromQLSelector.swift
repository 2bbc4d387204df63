// SPDX-License-Identifier: Apache-2.0
/// An instant vector selector built from typed parts, so that a label value can never become syntax.
package struct PromQLSelector: Sendable, Hashable, CustomStringConvertible {
    /// One condition on a label.
    package struct Matcher: Sendable, Hashable, CustomStringConvertible {
        /// How the value is compared; the raw value is PromQL's operator.
        package enum Comparison: String, Sendable {
            case equal = "="
            case notEqual = "!="
            case matches = "=~"
            case matchesNot = "!~"
        }

        package let label: String
        package let comparison: Comparison
        package let value: String

        /// Refuses label names outside `[a-zA-Z_][a-zA-Z0-9_]*` with nil; the value may be any text.
        package init?(_ label: String, _ comparison: Comparison = .equal, _ value: String) {
            guard label.isPromQLName(allowingColon: false) else { return nil }
            self.label = label
            self.comparison = comparison
            self.value = value
        }

        /// PromQL, ready to stand between braces.
        package var description: String { "\(label)\(comparison.rawValue)\(value.quotedForGo)" }

        /// A label that, if the series has it at all, is this value.
        package static func equalIfPresent(_ label: String, _ value: String) -> Matcher? {
            // Prometheus anchors the expression; the empty alternative matches a missing label.
            Matcher(label, .matches, value.escapedForRE2 + "|")
        }
    }

    package let metric: String?
    package let matchers: [Matcher]

    /// Refuses a metric name that is none and a selector that selects everything with nil.
    package init?(metric: String?, matchers: [Matcher] = []) {
        if let metric, !metric.isPromQLName(allowingColon: true) { return nil }
        guard metric != nil || !matchers.isEmpty else { return nil }
        self.metric = metric
        self.matchers = matchers
    }

    /// The same selector with more conditions.
    package func narrowed(by more: [Matcher]) -> PromQLSelector {
        PromQLSelector(checkedMetric: metric, matchers: matchers + more)
    }

    private init(checkedMetric: String?, matchers: [Matcher]) {
        metric = checkedMetric
        self.matchers = matchers
    }

    /// PromQL, ready to be sent.
    package var description: String {
        guard !matchers.isEmpty else { return metric ?? "" }
        return "\(metric ?? ""){\(matchers.map(\.description).joined(separator: ","))}"
    }
}

extension String {
    /// Whether this is a name that needs no quotes in PromQL.
    func isPromQLName(allowingColon: Bool) -> Bool {
        guard let first = utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return false }
        return utf8.allSatisfy { $0.isPromQLNameByte || (allowingColon && $0 == UInt8(ascii: ":")) }
    }
}

extension UInt8 {
    /// Letters, digits and the underscore.
    var isPromQLNameByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
