// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import JarvisCore

extension Verification {
    /// What follows from the signals so far.
    package enum Judgement: Sendable, Equatable {
        /// Not sure yet: look again after so many seconds.
        case lookAgain(after: Double)
        /// Sure, or out of time.
        case conclude(Verdict, reason: String)
    }

    /// Takes in one observation.
    ///
    /// A kind that is not good, or whose target was started anew in between, starts its window again. After a repair
    /// the target counts only as a run other than the one measured before the change.
    package mutating func record(_ observation: Observation, baseline: [Signal], now: Date) {
        round += 1
        for kind in Signal.Kind.allCases {
            guard let signal = observation.signals.first(where: { $0.kind == kind }).map({ weigh($0, baseline) }) else {
                goodSince[kind] = nil
                latest[kind] = nil
                continue
            }
            let isSameRun = latest[kind]?.instance == signal.instance
            if signal.reading == .good {
                if goodSince[kind] == nil || !isSameRun { goodSince[kind] = signal.observedAt }
            } else {
                goodSince[kind] = nil
            }
            if kind == .target { finalReadings = signal.reading == .badForGood ? finalReadings + 1 : 0 }
            latest[kind] = signal
        }
    }

    private func weigh(_ signal: Signal, _ baseline: [Signal]) -> Signal {
        guard purpose == .repair, signal.kind == .target, signal.reading == .good,
            let before = baseline.first(where: { $0.kind == .target })?.instance, before == signal.instance
        else { return signal }
        return Signal(
            kind: .target, source: signal.source, reading: .unknown,
            detail: "it is still the run from before the change: \(signal.detail.display())",
            observedAt: signal.observedAt,
            instance: signal.instance)
    }

    /// Judges what is known at `now`.
    package func judge(baseline: [Signal], now: Date) -> Judgement {
        let bad = Signal.Kind.allCases.filter { latest[$0]?.reading == .bad || latest[$0]?.reading == .badForGood }
        let stable = goodSince.filter { now.timeIntervalSince($0.value) >= stabilityWindow }
        if stable.count >= 2, bad.isEmpty {
            let kinds = stable.keys.map(\.rawValue).sorted().joined(separator: " and ")
            return .conclude(.verified, reason: "\(kinds) were good for \(Int(stabilityWindow)) s")
        }
        if finalReadings >= 2 {
            return .conclude(badVerdict(bad, baseline), reason: "the target is \(detail(of: .target)), and stays so")
        }
        if purpose == .recovery, round >= 3, bad.contains(.target) || bad.contains(.service) {
            return .conclude(.notFixed, reason: "it has not recovered: \(describe(bad))")
        }
        guard now < deadline else {
            return conclusionAtDeadline(bad, stable: stable.keys.sorted { $0.rawValue < $1.rawValue }, baseline)
        }
        return .lookAgain(after: pause(now: now))
    }

    private func conclusionAtDeadline(_ bad: [Signal.Kind], stable: [Signal.Kind], _ baseline: [Signal]) -> Judgement {
        if !bad.isEmpty { return .conclude(badVerdict(bad, baseline), reason: "at the deadline: \(describe(bad))") }
        let missing = Signal.Kind.allCases.filter { goodSince[$0] == nil }
        let proof =
            stable.isEmpty ? "no kind of signal was" : "only \(stable.map(\.rawValue).joined(separator: ", ")) was"
        return .conclude(
            .unknown, reason: "at the deadline \(proof) good for long enough, two are needed; \(describe(missing))")
    }

    private func badVerdict(_ bad: [Signal.Kind], _ baseline: [Signal]) -> Verdict {
        // An alert alone never makes it `worsened`: a forged one could otherwise trigger an undo.
        let worse = bad.contains { kind in
            kind != .metrics && baseline.contains { $0.kind == kind && $0.reading == .good }
        }
        return purpose == .repair && worse ? .worsened : .notFixed
    }

    private func pause(now: Date) -> Double {
        let pause = VerificationTiming.pause(afterRound: round)
        // The end of a window is worth a look of its own.
        let ends = goodSince.values.map { stabilityWindow - now.timeIntervalSince($0) }.filter { $0 > 0 }
        guard ends.count + goodSince.count >= 2, let next = ends.max() else { return pause }
        return max(0.05, min(pause, next + 0.01))
    }

    private func describe(_ kinds: [Signal.Kind]) -> String {
        kinds.map { "\($0.rawValue): \(detail(of: $0))" }.joined(separator: "; ")
    }

    private func detail(of kind: Signal.Kind) -> String { latest[kind]?.detail.display(limit: 160) ?? "no signal" }
}
