// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import JarvisClients

/// Where conditions are put, and where not; that the result is right is `NarrowingProofTests`' part.
struct PromQLNarrowingTests {
    @Test(
        arguments: [
            ("up == 0", #"up{job=~"a|"} == 0"#),
            ("up{} == 0", #"up{job=~"a|"} == 0"#),
            (#"up{x="y"} == 0"#, #"up{x="y",job=~"a|"} == 0"#),
            (#"up{x="y",} == 0"#, #"up{x="y",job=~"a|"} == 0"#),
            ("up{ # no comma }\n} > 1", "up{ # no comma }\njob=~\"a|\"} > 1"),
            ("up offset 5m", #"up{job=~"a|"} offset 5m"#),
            ("rate(c[5m])", #"rate(c{job=~"a|"}[5m])"#),
            ("max_over_time(up[5m:1m])", #"max_over_time(up{job=~"a|"}[5m:1m])"#),
            ("sum(up)", "sum(up)"),
            ("sum by (job) (up)", #"sum by (job) (up{job=~"a|"})"#),
            ("sum without (job) (up)", "sum without (job) (up)"),
            ("sum(up) by (job) > scalar(b)", #"sum(up{job=~"a|"}) by (job) > scalar(b)"#),
            ("a / b", #"a{job=~"a|"} / b{job=~"a|"}"#),
            ("a / on(x) b", "a / on(x) b"),
            ("a / ignoring(job) b", "a / ignoring(job) b"),
            ("a / on(x) group_left b", #"a{job=~"a|"} / on(x) group_left b"#),
            ("a / on(x) group_left(job) b", #"a / on(x) group_left(job) b{job=~"a|"}"#),
            ("a / on(x) group_right b", #"a / on(x) group_right b{job=~"a|"}"#),
            ("a and on(x) b", #"a{job=~"a|"} and on(x) b"#),
            ("a unless b", #"a{job=~"a|"} unless b{job=~"a|"}"#),
            ("a or b", #"a{job=~"a|"} or b{job=~"a|"}"#),
            ("vector(1) or on(x) b", #"vector(1) or on(x) b{job=~"a|"}"#),
            (#"absent(up{job="a"})"#, #"absent(up{job="a"})"#),
            (
                #"label_replace(up, "x", "$1", "job", "(.*)")"#,
                #"label_replace(up{job=~"a|"}, "x", "$1", "job", "(.*)")"#
            ),
            ("topk(1, sum by (x) (up))", "topk(1, sum by (x) (up))"),
        ])
    func `conditions are put where they are right`(expression: String, narrowed: String) throws {
        let found = try PromQLNarrowing(expression, to: ["job": "a"])
        #expect(found.expression == narrowed)
        #expect(found.left.isEmpty)
    }

    @Test(
        arguments: [
            ("topk(1, up)", .choiceAmongOthers), ("topk by (job) (1, up)", .choiceAmongOthers),
            ("a or on(x) b", .choiceAmongOthers),
            (#"absent(up{job="b"})"#, .absence), (#"label_replace(up, "job", "x", "", "")"#, .computed),
            (#"count_values("job", up)"#, .computed),
        ] as [(String, PromQLNarrowing.Obstacle)])
    func `a label that no condition is right for is left`(expression: String, obstacle: PromQLNarrowing.Obstacle) throws
    {
        let found = try PromQLNarrowing(expression, to: ["job": "a"])
        #expect(found.left == ["job": obstacle])
        #expect(found.expression == expression)
    }

    @Test func `the other labels are taken care of all the same`() throws {
        let found = try PromQLNarrowing(#"label_replace(up, "job", "x", "", "")"#, to: ["job": "x", "instance": "i"])
        #expect(found.expression == #"label_replace(up{instance=~"i|"}, "job", "x", "", "")"#)
        #expect(found.left == ["job": .computed])
    }

    @Test(
        arguments: [
            ("a >", .notUnderstood), ("info(up)", .unknownFunction), (#"{"my.metric"}"#, .notUnderstood),
            (String(repeating: "a", count: 20_000), .tooLong),
        ] as [(String, PromQLSelectors.Reason)])
    func `what is not understood is refused with its reason`(expression: String, reason: PromQLSelectors.Reason) {
        #expect(throws: reason) { try PromQLNarrowing(expression, to: ["job": "a"]) }
    }

    @Test func `values are never syntax, and odd names are left`() throws {
        let value = "a\"} or vector(1) # \\ .*|\n"
        let narrowed = try PromQLNarrowing("up", to: ["job": value, "a-b": "x", "__name__": "up"])
        #expect(narrowed.expression == #"up{job=~"a\"\\} or vector\\(1\\) # \\\\ \\.\\*\\|\n|"}"#)
        #expect(narrowed.left == ["a-b": .name, "__name__": .name])
    }
}
