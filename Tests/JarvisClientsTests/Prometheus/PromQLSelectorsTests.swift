// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import JarvisClients

struct PromQLSelectorsTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let expression: String
        let selectors: [String]
        var range = Duration.zero
        var testDescription: String { expression }

        init(_ expression: String, _ selectors: [String], range: Duration = .zero) {
            self.expression = expression
            self.selectors = selectors
            self.range = range
        }
    }

    @Test(arguments: [
        Case("up == 0", ["up"]),
        Case(#"up{job="node"} == 0"#, [#"up{job="node"}"#]),
        Case(#"up{job='node',} == 0 # the comment == vector(1)"#, [#"up{job="node"}"#]),
        Case(#"time() - container_last_seen{name=~".+"} > 120"#, [#"container_last_seen{name=~".+"}"#]),
        Case("increase(restarts[1h]) > 5", ["restarts"], range: .seconds(3600)),
        Case("rate(a[5m]) / rate(b[1h30m]) > 0.1", ["a", "b"], range: .seconds(5400)),
        Case(
            "sum by (job) (rate(http_total{code=~\"5..\"}[5m])) > 1e3", [#"http_total{code=~"5.."}"#],
            range: .seconds(300)),
        Case("sum(rate(x[1m])) by (job) > 0x1F", ["x"], range: .seconds(60)),
        Case("SUM WITHOUT (id) (x) >= -Inf", ["x"]),
        Case("a > 1 and b < 2", ["a", "b"]),
        Case("a > 1 AND on (job) b < 2", ["a", "b"]),
        Case("a > 5 or b > 3", ["a", "b"]),
        Case("a * on (x, y,) group_left (z) b > 3", ["a", "b"]),
        Case("a / ignoring(x) group_right b > bool 3", ["a", "b"]),
        Case("a atan2 b > 1", ["a", "b"]),
        Case("-a ^ 2 ^ b < NaN", ["a", "b"]),
        Case("job:rate:5m > 1", ["job:rate:5m"]),
        Case(#"{__name__="x",job!~"y|z"} > 1"#, [#"{__name__="x",job!~"y|z"}"#]),
        Case("predict_linear(free[6h], 4 * 3600) < 0", ["free"], range: .seconds(21_600)),
        Case("quantile_over_time(0.9, lat[500ms]) > 1", ["lat"], range: .milliseconds(500)),
        Case("histogram_quantile(0.99, sum by (le) (rate(b[5m]))) > 1", ["b"], range: .seconds(300)),
        Case("topk(3, a) > 1", ["a"]),
        Case("round(a, 0.1) + clamp(b, 0, .5) > 5.", ["a", "b"]),
        Case("((((a)))) > 1", ["a"]),
        Case("a offset 1d > 1", ["a"]),
        Case("rate(a[5m] offset 1w) > 1", ["a"], range: .seconds(300)),
        Case("scalar(a) > 1", ["a"]),
        Case("a > 1 and hour() > 8", ["a"]),
        Case("time > 1", ["time"]),
        Case(#"a{l="\\ \" \n \x41 \101 \u00e4"} > 1"#, [#"a{l="\\ \" \n A A ä"}"#]),
        Case("a{l=`\\d{2}`} > 1", [#"a{l="\\d{2}"}"#]),
        Case("a\n  >\t1\r\n", ["a"]),
    ])
    func `every selector and the longest range are found`(item: Case) {
        let found = PromQLSelectors(item.expression)
        #expect(found.presence == .derivable)
        #expect(found.uses.map(\.selector.description) == item.selectors)
        #expect(found.longestRange == item.range)
    }

    @Test(
        arguments: [
            (#"absent(up{job="x"})"#, .inverted), ("(absent(up))", .inverted),
            ("absent(up) == 1", .underivable(.absence)), ("absent(up) or x > 1", .underivable(.absence)),
            ("-absent(up)", .underivable(.absence)), ("sum(absent(up))", .underivable(.absence)),
            ("absent(sum(up))", .underivable(.absence)), ("absent(up offset 5m)", .underivable(.absence)),
            ("absent(up > 1)", .underivable(.absence)), ("absent((up))", .underivable(.absence)),
            ("absent_over_time(up[5m])", .underivable(.absence)), ("absent(absent(up))", .underivable(.absence)),
            ("a > 1 unless b", .underivable(.unless)), ("sum(a unless b) > 1", .underivable(.unless)),
            ("a > 1 or vector(0)", .underivable(.constantVector)), ("vector(1)", .underivable(.constantVector)),
            ("max_over_time(a[5m:1m]) > 1", .underivable(.subquery)), ("a[5m:] > 1", .underivable(.notUnderstood)),
            ("max_over_time(rate(a[1m])[5m:]) > 1", .underivable(.subquery)),
            ("max_over_time((a + b)[5m:1m]) > 1", .underivable(.subquery)),
            (#"label_replace(a, "x", "$1", "y", "(.*)") > 1"#, .underivable(.labelRewrite)),
            (#"label_join(a, "x", ",", "y") > 1"#, .underivable(.labelRewrite)),
            (#"count_values("v", a) > 1"#, .underivable(.labelRewrite)),
            ("a @ 1609746000 > 1", .underivable(.otherTime)), ("a @ start() > 1", .underivable(.otherTime)),
            ("a offset -5m > 1", .underivable(.otherTime)),
            ("rate(a[5m] @ end() offset 1h) > 1", .underivable(.otherTime)),
            ("count(up == 1) < 3", .underivable(.nestedFilter)), ("avg(a > 0) > 5", .underivable(.nestedFilter)),
            ("a / (b > 0) > 1", .underivable(.nestedFilter)), ("abs(a > 1) > 2", .underivable(.nestedFilter)),
            ("sum(a and b) > 1", .underivable(.nestedFilter)), ("-(a > 1)", .underivable(.nestedFilter)),
            ("mad_over_time(a[5m]) > 1", .underivable(.unknownFunction)),
            ("rAte(a[5m]) > 1", .underivable(.unknownFunction)),
            ("info(a) > 1", .underivable(.unknownFunction)), ("time() > 5", .underivable(.noSelector)),
            ("1 > bool 2", .underivable(.noSelector)),
        ] as [(String, PromQLSelectors.Presence)])
    func `what an empty result proves is said, or that it proves nothing`(
        expression: String, presence: PromQLSelectors.Presence
    ) {
        #expect(PromQLSelectors(expression).presence == presence)
    }

    @Test(arguments: [
        "", " ", "#", "(", ")", "a)", "(a", "a b", "a >", "> a", "a > > b", "a{", "a}", "a{}b", "{}", "a{b}", "a{b=}",
        "a{b=c}", #"a{b="c"#, #"a{b="c}"#, #"a{"b"="c"}"#, #"{"metric.name"}"#, #"a{b=="c"}"#, #"a{b="c"d="e"}"#,
        #"a{,}"#, #"a{__name__="b"}"#, #"a{b:c="d"}"#, "a[5m]", "a[]", "a[5]", "a[5m", "a[5m][5m]", "a[m5]", "a[5mm]",
        "a[1m1h]", "a[0s]", "a[-5m]", "a[5m]] > 1", "(a[5m]) > 1", "rate(a)", "rate(a[5m], 1)", "rate((a[5m]))",
        "abs(a[5m])", "rate()", "abs()", "abs(a,)", "abs(,a)", "time(a)", "sum", "sum a", "sum(a, b)", "topk(a)",
        "sum by (a) without (b) (c)", "sum by (a) (b) by (c)", "sum by a (b)", "sum by (\"a\") (b)",
        "count_values(1, a)",
        "a + bool b", "a and group_left b", "a + group_left b", "a on(x) b", "a + on x b", "a and on(x) group_left b",
        "by", "offset", "on(a)", "a offset", "a offset 5", "a offset 5m offset 5m", "(a) offset 5m", "a @", "a @ b",
        "a @ start", "a @ 1 @ 2", "1e", "1e+", "0x", "0xg", "1.2.3", "1_000", "5x", "5m", "5m > a", ".", "..",
        "a.b > 1",
        "a-b.c > 1", "a ! b", "a = b", "a =~ b", "a & b", "a; b", "a\0b", "\"a\"", "'a", "`a", #"a{b="\q"}"#,
        #"a{b="\x4"}"#, #"a{b="\xff"}"#, #"a{b="\400"}"#, #"a{b="\ud800"}"#, #"a{b="\x+4"}"#, "a{b=\"x\ny\"}", "ä > 1",
        "a > 1 \u{2014}", "a\u{00A0}> 1", "\u{FEFF}a > 1", "9a > 1", ":", "[5m]", "a > 1 or", "not a", "a || b",
        "sum by (1) (a)", "sum by (a:b) (c)", "unless a", "inf{a=\"b\"}", "and(a)", "a == == b",
    ])
    func `what is not PromQL, or not plain PromQL, is not understood`(expression: String) {
        let found = PromQLSelectors(expression)
        #expect(found.presence == .underivable(.notUnderstood))
        #expect(found.uses.isEmpty)
        #expect(found.longestRange == nil)
    }

    @Test func `depth, length and number of selectors are bounded`() {
        let deep = String(repeating: "(", count: 5000) + "a" + String(repeating: ")", count: 5000)
        #expect(PromQLSelectors(deep).presence == .underivable(.tooDeep))
        #expect(PromQLSelectors(String(repeating: "-", count: 5000) + "a").presence == .underivable(.tooDeep))
        let powers = String(repeating: "a^", count: 3000) + "a"
        #expect(PromQLSelectors(powers).presence == .underivable(.tooDeep))
        #expect(PromQLSelectors(String(repeating: "a", count: 16_385)).presence == .underivable(.tooLong))
        let sixteen = Array(repeating: "a", count: 16).joined(separator: " + ")
        #expect(PromQLSelectors(sixteen).presence == .derivable)
        #expect(PromQLSelectors(sixteen + " + a").presence == .underivable(.tooManySelectors))
    }

    @Test func `labels that aggregations and joins keep are noted where they apply`() {
        let found = PromQLSelectors("max by (name) (a + b) / on (host, name) c > 1 and d > 1")
        #expect(found.uses.map(\.keptLabels) == [["name", "host"], ["name", "host"], ["host", "name"], []])
    }

    @Test func `ranges are known even where nothing can be concluded`() {
        #expect(PromQLSelectors("rate(a[1h]) > 1 unless b").longestRange == .seconds(3600))
        #expect(PromQLSelectors("a offset 2h > 1").longestOffset == .seconds(7200))
    }

    @Test func `no mutilated expression is taken for more than it is`() {
        // Every prefix, every single deletion and every single replacement of real expressions: it must not crash, and
        // whatever is accepted must read the same after being written out again.
        let expressions = [
            #"sum by (job) (rate(http_total{code=~"5..",a!='\x41'}[5m] offset 1h)) / on(job) group_left(x) b > bool 1e3"#,
            #"absent(up{job="x"}) or time() - (c @ 5) ^ -2 unless ignoring(a) {__name__="y"}"#,
        ]
        for expression in expressions {
            let bytes = Array(expression.utf8)
            for index in bytes.indices {
                var variants = [Array(bytes[..<index]), Array(bytes[..<index] + bytes[(index + 1)...])]
                for byte in [0, 10, 34, 35, 39, 40, 41, 44, 47, 58, 92, 91, 96, 123, 125, 195] as [UInt8] {
                    variants.append(bytes)
                    variants[variants.endIndex - 1][index] = byte
                }
                for variant in variants {
                    for use in PromQLSelectors(String(decoding: variant, as: UTF8.self)).uses {
                        let again = PromQLSelectors(use.selector.description)
                        #expect(again.uses.map(\.selector) == [use.selector])
                    }
                }
            }
        }
    }
}
