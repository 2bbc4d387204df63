// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisEngine
import JarvisTestSupport
import Testing

/// Random looks against an oracle that knows nothing of how a verdict is computed: it keeps every look and, when
/// `verified` is said, goes back through them.
@Suite struct VerdictPropertyTests {
    struct Look {
        let at: Double
        let signals: [Signal]
        func signal(_ kind: Signal.Kind) -> Signal? { signals.first { $0.kind == kind } }
    }

    struct Run {
        var random: Seeded
        let purpose: Verification.Purpose
        let window: Double
        let baseline: [Signal]
        var verification: Verification
        var looks: [Look] = []
        /// How much of the time things are good, so that some runs come close to a proof.
        let luck: Double
        var instance = 1
        var now = 0.0

        init(seed: UInt64) {
            var random = Seeded(seed)
            purpose = Bool.random(using: &random) ? .repair : .recovery
            window = [10, 15, 45, 180, 450].randomElement(using: &random) ?? 10
            luck = [0.3, 0.8, 0.95, 0.99, 1].randomElement(using: &random) ?? 1
            let readings: [Signal.Reading] = [.good, .bad, .badForGood, .unknown]
            baseline = Signal.Kind.allCases.filter { _ in Bool.random(using: &random) }.map { kind in
                let instance = kind == .target ? ["1", "9", nil].randomElement(using: &random) ?? nil : nil
                return Homelab.signal(kind, readings.randomElement(using: &random) ?? .bad, instance: instance)
            }
            verification = Verification(
                purpose: purpose, since: Homelab.start, deadline: Homelab.at(max(120, 2 * window)),
                stabilityWindow: window)
            self.random = random
        }

        mutating func look() -> Look {
            if Double.random(in: 0...1, using: &random) > 0.97 { instance += 1 }
            var signals: [Signal] = []
            for kind in Signal.Kind.allCases {
                let fate = Double.random(in: 0...1, using: &random)
                guard fate < luck + 0.7 * (1 - luck) else { continue }
                let other: [Signal.Reading] = [.bad, .badForGood, .unknown]
                let reading = fate < luck ? .good : other.randomElement(using: &random) ?? .unknown
                // Answers come before the look is judged, some much before.
                let lead =
                    Double.random(in: 0...1, using: &random) > 0.9 ? Double.random(in: 0...12, using: &random) : 0
                signals.append(
                    Homelab.signal(
                        kind, reading, at: max(now - lead, looks.last?.at ?? 0),
                        instance: kind == .target ? "\(instance)" : nil))
            }
            return Look(at: now, signals: signals)
        }

        /// Whether a kind was good in every look from some look on, for the whole window, by the looks alone.
        func wasGoodThroughout(_ kind: Signal.Kind, _ window: Double) -> Bool {
            guard let last = looks.last?.signal(kind), last.reading == .good else { return false }
            var earliest = last
            for look in looks.reversed().dropFirst() {
                guard let signal = look.signal(kind), signal.reading == .good, signal.instance == last.instance,
                    earliest.observedAt.timeIntervalSince(signal.observedAt) <= max(window, 30)
                else { break }
                earliest = signal
            }
            return last.observedAt.timeIntervalSince(earliest.observedAt) >= window
        }

        func isOldRun(_ signal: Signal?) -> Bool {
            let before = baseline.first { $0.kind == .target }
            return purpose == .repair && signal?.instance != nil && before?.instance == signal?.instance
        }

        func check(_ verdict: Verdict, _ seed: UInt64) {
            guard let last = looks.last else { return }
            let bad = last.signals.filter { $0.reading == .bad || $0.reading == .badForGood }
            switch verdict {
            case .verified:
                let targetIsSeen = last.signal(.target)?.reading == .good
                let needed = targetIsSeen ? window : max(window, 30)
                let proven = Signal.Kind.allCases.filter { wasGoodThroughout($0, needed) }
                #expect(proven.count >= 2, "seed \(seed): \(proven)")
                #expect(bad.isEmpty, "seed \(seed)")
                #expect(!isOldRun(last.signal(.target)), "seed \(seed)")
                #expect(Homelab.at(last.at) <= verification.deadline, "seed \(seed)")
            case .notFixed: #expect(!bad.isEmpty, "seed \(seed)")
            case .worsened:
                #expect(purpose == .repair, "seed \(seed)")
                let worse = bad.filter { now in
                    now.kind != .metrics && baseline.contains { $0.kind == now.kind && $0.reading == .good }
                }
                #expect(!worse.isEmpty, "seed \(seed)")
            case .unknown: #expect(Homelab.at(last.at) >= verification.deadline, "seed \(seed)")
            }
        }
    }

    @Test func `no sequence of looks gives a verdict that its evidence does not carry`() {
        var verdicts: [Verdict: Int] = [:]
        for seed in 0..<6_000 as Range<UInt64> {
            var run = Run(seed: seed)
            var isOver = false
            while !isOver {
                let look = run.look()
                run.looks.append(look)
                let observation = Observation(signals: look.signals)
                run.verification.record(observation, baseline: run.baseline, now: Homelab.at(run.now))
                switch run.verification.judge(baseline: run.baseline, now: Homelab.at(run.now)) {
                case .conclude(let verdict, let reason):
                    run.check(verdict, seed)
                    #expect(!reason.isEmpty)
                    verdicts[verdict, default: 0] += 1
                    isOver = true
                case .lookAgain(let pause):
                    #expect(Homelab.at(run.now) < run.verification.deadline, "seed \(seed): goes on after the deadline")
                    #expect(pause >= 0.05 && pause <= 15, "seed \(seed): \(pause)")
                    #expect(
                        Homelab.at(run.now + pause) <= run.verification.deadline.addingTimeInterval(0.06),
                        "seed \(seed)")
                    // Mostly punctual, sometimes a queue that is late or a Jarvis that was away.
                    let late = Double.random(in: 0...1, using: &run.random) > 0.98 ? 45.0 : 0
                    run.now += pause + late + Double.random(in: 0...0.3, using: &run.random)
                }
            }
        }
        // A generator that never reaches a verdict would prove nothing.
        for verdict in [Verdict.verified, .notFixed, .worsened, .unknown] {
            #expect(verdicts[verdict, default: 0] > 50, "\(verdicts)")
        }
    }

    @Test func `what is good all the time is verified soon after its window, not at the deadline`() {
        for window in [10.0, 45, 180, 450] {
            var verification = Verification(
                purpose: .repair, since: Homelab.start, deadline: Homelab.at(900), stabilityWindow: window)
            var now = 0.0
            var looks = 0
            judging: while true {
                let signals = [
                    Homelab.signal(.metrics, .good, at: now), Homelab.signal(.target, .good, at: now, instance: "2"),
                ]
                verification.record(Observation(signals: signals), baseline: [], now: Homelab.at(now))
                looks += 1
                switch verification.judge(baseline: [], now: Homelab.at(now)) {
                case .lookAgain(let pause): now += pause
                case .conclude(let verdict, _):
                    #expect(verdict == .verified)
                    break judging
                }
            }
            #expect(now >= window && now < window + 1)
            #expect(looks >= 4)
        }
    }
}
