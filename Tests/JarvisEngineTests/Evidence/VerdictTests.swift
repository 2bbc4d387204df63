// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisEngine
import Testing

/// Sequences of looks and their verdicts, a line each.
@Suite struct VerdictTests {
    /// `m`, `t`, `s`: metrics, target, service; after it `+` good, `-` bad, `!` bad for good, `?` unknown, then for the
    /// target which run it is.
    static func signals(_ text: String, at seconds: Double) -> [Signal] {
        text.split(separator: " ").compactMap { word in
            let letters = Array(word)
            let kinds: [Character: Signal.Kind] = ["m": .metrics, "t": .target, "s": .service]
            let readings: [Character: Signal.Reading] = ["+": .good, "-": .bad, "!": .badForGood, "?": .unknown]
            guard let kind = kinds[letters[0]], let reading = readings[letters[1]] else { return nil }
            let run = letters.count > 2 ? String(letters[2...]) : nil
            return Homelab.signal(kind, reading, at: seconds, instance: kind == .target ? run : nil)
        }
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let what: String
        let purpose: Verification.Purpose
        let baseline: String
        let looks: [(Double, String)]
        /// nil: look again.
        let expected: Verdict?
        var testDescription: String { what }

        init(
            _ what: String, proving purpose: Verification.Purpose = .repair, before baseline: String = "m- t!1",
            _ looks: [(Double, String)], _ expected: Verdict?
        ) {
            self.what = what
            self.purpose = purpose
            self.baseline = baseline
            self.looks = looks
            self.expected = expected
        }
    }

    static let rows = [
        Row("two kinds over the window", [(0, "m+ t+2"), (5, "m+ t+2"), (10, "m+ t+2")], .verified),
        Row("target and service", [(0, "m? t+2 s+"), (5, "m? t+2 s+"), (10, "m? t+2 s+")], .verified),
        Row("one look is no window", [(0, "m+ t+2 s+")], nil),
        Row("not yet over", [(0, "m+ t+2"), (9.9, "m+ t+2")], nil),
        Row("one kind alone", [(0, "m? t+2"), (10, "m? t+2"), (60, "m? t+2"), (119, "m? t+2")], nil),
        Row("one kind alone, deadline", [(0, "m? t+2"), (60, "m? t+2"), (120, "m? t+2")], .unknown),
        Row("metrics alone, deadline", [(100, "m+"), (110, "m+"), (120, "m+")], .unknown),
        Row("nothing measured, deadline", [(120, "")], .unknown),
        Row("unknown in the middle", [(0, "m+ t+2"), (5, "m+ t?2"), (10, "m+ t+2")], nil),
        Row("missing in the middle", [(0, "m+ t+2"), (5, "m+"), (10, "m+ t+2")], nil),
        Row("bad in the middle", [(0, "m+ t+2"), (5, "m- t+2"), (10, "m+ t+2"), (14.9, "m+ t+2")], nil),
        Row("good again after it", [(0, "m+ t+2"), (5, "m- t+2"), (10, "m+ t+2"), (20, "m+ t+2")], .verified),
        Row("started anew in the window", [(0, "m+ t+2"), (5, "m+ t+3"), (10, "m+ t+3")], nil),
        Row("and then stable", [(0, "m+ t+2"), (5, "m+ t+3"), (15, "m+ t+3")], .verified),
        Row(
            "good by turns: not after the window alone",
            [(0, "m+ t+2"), (9, "m- t+2"), (10, "m+ t+2"), (20, "m+ t+2")], nil),
        Row(
            "good for longer than ever before",
            [(0, "m+ t+2"), (9, "m- t+2"), (10, "m+ t+2"), (20, "m+ t+2"), (24, "m+ t+2")], .verified),
        Row(
            "started anew, which only the target shows", before: "m- t!1",
            [(0, "m+ t+2 s+"), (5, "m+ t?2 s+"), (14, "m+ t+3 s+"), (20, "m+ t?3 s+"), (40, "m+ t?3 s+")], nil),
        Row("bad at the end", [(0, "m+ t+2 s+"), (5, "m+ t+2 s+"), (10, "m+ t+2 s-")], nil),
        Row("bad at the end, deadline", [(100, "m+ t+2 s-"), (110, "m+ t+2 s-"), (120, "m+ t+2 s-")], .notFixed),
        Row("a hole in the looks", [(0, "m+ t+2"), (31, "m+ t+2")], nil),
        Row("the clock was set back", [(100, "m+ t+2"), (40, "m+ t+2"), (49, "m+ t+2")], nil),
        Row("and good from there", [(100, "m+ t+2"), (40, "m+ t+2"), (45, "m+ t+2"), (50, "m+ t+2")], .verified),
        Row("without the target 10 s are too short", [(0, "m+ s+"), (10, "m+ s+"), (20, "m+ s+")], nil),
        Row(
            "without the target 30 s are enough", [(0, "m+ s+"), (10, "m+ s+"), (20, "m+ s+"), (30, "m+ s+")], .verified
        ),
        Row("the run from before", [(0, "m? t+1 s+"), (10, "m? t+1 s+"), (120, "m? t+1 s+")], .unknown),
        Row(
            "the run from before, others good",
            [(0, "m+ t+1 s+"), (10, "m+ t+1 s+"), (20, "m+ t+1 s+"), (30, "m+ t+1 s+")], nil),
        Row(
            "the run from before, others good, deadline",
            [(80, "m+ t+1 s+"), (100, "m+ t+1 s+"), (120, "m+ t+1 s+")], .unknown),
        Row("runs that can't be told apart", before: "m- t+", [(0, "m+ t+"), (10, "m+ t+"), (20, "m+ t+")], nil),
        Row("the same without a fault of the target", before: "m- t!", [(0, "m+ t+"), (10, "m+ t+")], .verified),
        Row("bad for good twice", [(0, "m- t!2"), (1, "m- t!2")], .notFixed),
        Row("bad for good once", [(0, "m- t!2")], nil),
        Row("bad for good, then away, then again", [(0, "t!2"), (1, ""), (2, "t!2")], nil),
        Row("worsened", before: "m- s+", [(0, "s- t!2"), (1, "s- t!2")], .worsened),
        Row("target good before", before: "t+1", [(0, "t!2"), (1, "t!2")], .worsened),
        Row("an alert alone never worsens", before: "m+ t!1", [(119, "m- t+2"), (120, "m- t+2")], .notFixed),
        Row("after the deadline, even if good", [(100, "m+ t+2"), (110, "m? t+2"), (121, "m+ t+2")], .unknown),
        Row("complete only after the deadline", [(111, "m+ t+2"), (121, "m+ t+2")], .unknown),
        Row("recovered", proving: .recovery, before: "", [(0, "m+ t+1"), (10, "m+ t+1")], .verified),
        Row("recovered, the same run counts", proving: .recovery, [(0, "m+ t+1"), (10, "m+ t+1")], .verified),
        Row("not recovered", proving: .recovery, [(0, "m- t-1"), (1, "m- t-1"), (2, "m- t-1")], .notFixed),
        Row(
            "not recovered is never worsened", proving: .recovery, before: "s+", [(0, "s-"), (1, "s-"), (2, "s-")],
            .notFixed),
        Row("only the rule holds", proving: .recovery, [(0, "m- t+1"), (1, "m- t+1"), (2, "m- t+1")], nil),
        Row("only the rule holds, deadline", proving: .recovery, [(0, "m- t+1"), (120, "m- t+1")], .notFixed),
    ]

    @Test(arguments: rows)
    func `looks lead to a verdict`(_ row: Row) {
        var verification = Verification(
            purpose: row.purpose, since: Homelab.start, deadline: Homelab.at(120), stabilityWindow: 10)
        let baseline = Self.signals(row.baseline, at: -1)
        var judgement = Verification.Judgement.lookAgain(after: 0)
        for (index, look) in row.looks.enumerated() {
            let observation = Observation(signals: Self.signals(look.1, at: look.0))
            verification.record(observation, baseline: baseline, now: Homelab.at(look.0))
            judgement = verification.judge(baseline: baseline, now: Homelab.at(look.0))
            if case .conclude = judgement { #expect(index == row.looks.count - 1, "look \(index): \(judgement)") }
        }
        switch judgement {
        case .conclude(let verdict, _): #expect(verdict == row.expected, "\(judgement)")
        case .lookAgain: #expect(row.expected == nil)
        }
    }

    @Test func `a slow answer does not turn one look at the others into a window`() {
        // The host takes 40 s to time out; metrics and service answered at once.
        var verification = Verification(
            purpose: .repair, since: Homelab.start, deadline: Homelab.at(120), stabilityWindow: 10)
        let signals = Self.signals("m+ s+", at: 0) + Self.signals("t?", at: 40)
        verification.record(Observation(signals: signals), baseline: [], now: Homelab.at(40))
        guard case .lookAgain = verification.judge(baseline: [], now: Homelab.at(40)) else {
            Issue.record("verified by a single look")
            return
        }
    }

    @Test func `a new alert starts every window again`() {
        var verification = Verification(
            purpose: .repair, since: Homelab.start, deadline: Homelab.at(120), stabilityWindow: 10)
        verification.record(Observation(signals: Self.signals("m+ t+2", at: 0)), baseline: [], now: Homelab.start)
        verification.startAgain()
        verification.record(Observation(signals: Self.signals("m+ t+2", at: 10)), baseline: [], now: Homelab.at(10))
        #expect(verification.judge(baseline: [], now: Homelab.at(10)) == .lookAgain(after: 1))
    }

    /// What a kind was measured by before the change, and after it; whether it still counts.
    static let measures: [(before: [Signal.Measure]?, after: [Signal.Measure]?, counts: Bool)] = [
        (nil, nil, true), ([], nil, true), (nil, [.init("a")], true), ([], [.init("a")], true),
        ([.init("a")], [.init("a")], true), ([.init("a")], [.init("a"), .init("b")], true),
        ([.init("a", count: 2)], [.init("a", count: 3)], true), ([.init("a")], nil, false), ([.init("a")], [], false),
        ([.init("a")], [.init("b")], false), ([.init("a", count: 2)], [.init("a", count: 1)], false),
        ([.init("a"), .init("b")], [.init("a")], false),
    ]

    @Test(arguments: [Signal.Kind.metrics, .target], [Verification.Purpose.repair, .recovery])
    func `what is measured by less than before is not known to be good`(
        _ kind: Signal.Kind, _ purpose: Verification.Purpose
    ) {
        for (before, after, counts) in Self.measures {
            func signal(
                _ kind: Signal.Kind, _ reading: Signal.Reading, _ seconds: Double, _ measures: [Signal.Measure]?
            )
                -> Signal
            {
                Signal(
                    kind: kind, source: "test", reading: reading, detail: "d", observedAt: Homelab.at(seconds),
                    instance: kind == .target ? "run \(reading)" : nil, measures: measures)
            }
            let baseline = [signal(kind, .bad, -1, before)]
            var verification = Verification(
                purpose: purpose, since: Homelab.start, deadline: Homelab.at(120), stabilityWindow: 10)
            for seconds in [0.0, 10, 20, 30] {
                let signals = [signal(kind, .good, seconds, after), signal(.service, .good, seconds, nil)]
                verification.record(Observation(signals: signals), baseline: baseline, now: Homelab.at(seconds))
            }
            let judgement = verification.judge(baseline: baseline, now: Homelab.at(30))
            if case .conclude(.verified, _) = judgement {
                #expect(counts, "\(before ?? []) then \(after ?? [])")
            } else {
                #expect(!counts, "\(before ?? []) then \(after ?? [])")
            }
        }
    }

    @Test func `an alert that began anew between two looks starts every window again`() {
        var verification = Verification(
            purpose: .repair, since: Homelab.start, deadline: Homelab.at(120), stabilityWindow: 10)
        // The source's clock is another, and for a while it is not heard.
        let looks: [(Double, Double?)] = [(0, 500), (5, nil), (9, 517), (12, 517), (22, 517)]
        for (seconds, beginning) in looks {
            let signals = Self.signals(beginning == nil ? "m? t+2 s+" : "m+ t+2 s+", at: seconds)
            let timing = ObservationTiming(lastBeginning: beginning)
            verification.record(
                Observation(signals: signals, timing: timing), baseline: [], now: Homelab.at(seconds))
            let judgement = verification.judge(baseline: [], now: Homelab.at(seconds))
            #expect({ if case .lookAgain = judgement { true } else { false } }() == (seconds < 22), "\(seconds)")
        }
    }
}
