// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisEngine
import Testing

@Suite struct MetricsJudgementTests {
    /// One fact of the source and what it proves; times are seconds of Jarvis' clock, the change was at 0.
    struct Row: CustomTestStringConvertible, Sendable {
        let what: String
        var state = AlertRuleReading.State.inactive
        var error: String?
        var rows: Int? = 0
        var presence: AlertRuleReading.Presence?
        /// Seconds before the evaluation at which the newest sample was taken.
        var age: Double? = 1
        var isAfterChange = true
        var observedAt = 30.0
        var timing = ObservationTiming(scrapeInterval: 15, evaluationInterval: 15)
        let expected: Signal.Reading
        var testDescription: String { what }
    }

    static let rows: [Row] = [
        Row(what: "empty, present, fresh", expected: .good),
        Row(what: "empty and fresh while the rule still fires", state: .firing, expected: .good),
        Row(what: "nothing changed yet", isAfterChange: false, expected: .good),
        Row(what: "rule error", error: "query timed out", expected: .unknown),
        Row(what: "rule error while it holds", state: .firing, error: "e", rows: 1, expected: .unknown),
        Row(what: "an empty error is still one", error: "", expected: .unknown),
        Row(what: "pending", state: .pending, expected: .bad),
        Row(what: "pending with rows", state: .pending, rows: 1, expected: .bad),
        Row(what: "it still holds", state: .firing, rows: 1, expected: .bad),
        Row(what: "it holds, the rule has not noticed", rows: 3, expected: .bad),
        Row(what: "expression not evaluated", rows: nil, expected: .unknown),
        Row(what: "not evaluated, rule inactive", state: .inactive, rows: nil, expected: .unknown),
        Row(what: "underivable", presence: .underivable(reason: "vector(1)"), expected: .unknown),
        Row(what: "no selector", presence: .selectors([]), expected: .unknown),
        Row(what: "no sample", age: nil, expected: .unknown),
        Row(what: "stale", age: 33, observedAt: 300, expected: .unknown),
        Row(what: "just not stale", age: 32, observedAt: 300, expected: .good),
        Row(what: "older than the change", age: 31, expected: .unknown),
        Row(what: "as old as the change", age: 30, expected: .unknown),
        Row(what: "just newer than the change", age: 29.9, expected: .good),
        Row(what: "observed at the change", age: 0, observedAt: 0, expected: .unknown),
        Row(what: "old but nothing changed", age: 31, isAfterChange: false, expected: .good),
        Row(what: "from the future", age: -3_600, expected: .unknown),
        Row(what: "slow scrapes, default unknown", age: 100, observedAt: 300, timing: .init(), expected: .good),
        Row(what: "slow scrapes, stale", age: 123, observedAt: 300, timing: .init(), expected: .unknown),
        Row(what: "range too long", timing: .init(longestRange: 901), expected: .unknown),
        Row(what: "range too long and it holds", rows: 1, timing: .init(longestRange: 3_600), expected: .unknown),
        Row(
            what: "range too long, holds, nothing changed", rows: 1, isAfterChange: false,
            timing: .init(longestRange: 3_600), expected: .bad),
        Row(what: "range just short enough", timing: .init(scrapeInterval: 15, longestRange: 900), expected: .good),
        Row(
            what: "range and keep_firing_for", timing: .init(keepFiringFor: 600, longestRange: 600), expected: .unknown),
        Row(what: "scraped every hour", timing: .init(scrapeInterval: 3_600), expected: .unknown),
        Row(what: "scraped never", timing: .init(scrapeInterval: .infinity), expected: .unknown),
        Row(what: "interval that is no number", timing: .init(scrapeInterval: .nan), expected: .unknown),
        Row(
            what: "one of two selectors gone",
            presence: .selectors([
                .init(text: "a", newestSample: Homelab.at(29)), .init(text: "b", newestSample: nil),
            ]), expected: .unknown),
        Row(
            what: "one of two selectors stale",
            presence: .selectors([
                .init(text: "a", newestSample: Homelab.at(29)), .init(text: "b", newestSample: Homelab.at(-300)),
            ]), expected: .unknown),
    ]

    static func signal(_ row: Row, sourceIsAheadBy skew: Double = 0) -> Signal {
        let sourceTime = Homelab.at(row.observedAt + skew)
        let selector = AlertRuleReading.Selector(
            text: "up", newestSample: row.age.map { sourceTime.addingTimeInterval(-$0) })
        let reading = AlertRuleReading(
            state: row.state, ruleError: row.error, rows: row.rows, presence: row.presence ?? .selectors([selector]),
            sourceTime: sourceTime, timing: row.timing)
        return MetricsJudgement.signal(
            for: reading, since: row.isAfterChange ? Homelab.start : nil, observedAt: Homelab.at(row.observedAt))
    }

    @Test(arguments: rows)
    func `facts prove what section 9 says`(_ row: Row) {
        #expect(Self.signal(row).reading == row.expected, "\(Self.signal(row).detail.display())")
    }

    @Test func `a clock of the source that is off changes nothing`() {
        for row in Self.rows where row.presence == nil {
            for skew in [-86_400.0, -61, -5, 5, 61, 86_400] {
                #expect(Self.signal(row, sourceIsAheadBy: skew).reading == row.expected, "\(row.what), \(skew) s")
            }
        }
    }

    /// SPEC section 16, trap 1: a missing alert counted as resolved.
    @Test func `trap 1: a dead Prometheus, a vanished series and a renamed rule prove nothing`() {
        let gone = MetricsJudgement.signal(for: nil, since: nil, observedAt: Homelab.start)
        #expect(gone.reading == .unknown)
        #expect(MetricsJudgement.unavailable("connection refused", observedAt: Homelab.start).reading == .unknown)
        #expect(Self.signal(Row(what: "vanished", age: nil, expected: .unknown)).reading == .unknown)
        #expect(Self.signal(Row(what: "v", age: nil, isAfterChange: false, expected: .unknown)).reading == .unknown)
    }

    @Test func `a reading tells which expression it rests on, and how many series`() {
        func signal(_ expression: String?, _ series: Int, rows: Int = 0) -> Signal {
            let reading = AlertRuleReading(
                state: .inactive, ruleError: nil, rows: rows,
                presence: .selectors([.init(text: "up", newestSample: Homelab.at(29), series: series)]),
                sourceTime: Homelab.at(30), timing: ObservationTiming(scrapeInterval: 15), expression: expression)
            return MetricsJudgement.signal(for: reading, since: nil, observedAt: Homelab.at(30))
        }
        #expect(signal(nil, 1).measures == nil)
        #expect(signal("up == 0", 1).measures == signal("up == 0", 1, rows: 1).measures)
        #expect(signal("up == 0", 1).measures != signal("up == 0", 2).measures)
        #expect(signal("up == 0", 1).measures?.first?.what != signal("up == 1", 1).measures?.first?.what)
        // Whichever of them decides, all that was measured is told.
        let both = [signal("a == 0", 1, rows: 1), signal("b == 0", 2), signal("b == 0", 1)]
        let together = MetricsJudgement.together(both, of: 3, observedAt: Homelab.at(30))
        #expect(together.reading == .bad)
        #expect(together.measures?.map(\.count).sorted() == [1, 3])
    }

    @Test func `a service is as good as its worst answer`() {
        let table: [([ServiceAnswer], Signal.Reading?)] = [
            ([], nil), ([.good("a")], .good), ([.good("a"), .good("b")], .good), ([.good("a"), .bad("b")], .bad),
            ([.bad("a"), .good("b")], .bad), ([.good("a"), .unanswerable("b")], .unknown),
            ([.unanswerable("a"), .bad("b")], .bad), ([.bad("a"), .unanswerable("b")], .bad),
            ([.unanswerable("a")], .unknown),
        ]
        for (answers, reading) in table {
            #expect(
                ServiceJudgement.signal(for: answers, of: Homelab.web, observedAt: Homelab.start)?.reading == reading)
        }
    }
}
