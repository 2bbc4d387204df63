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
    /// A kind that is not good, was not looked at for too long, or whose target was started anew in between, starts
    /// its window again; all kinds do with a target that was started anew, because what was good was another run, and
    /// with an alert that began anew between two looks. After
    /// a repair the target counts only as a run other than the one measured before the change, and every kind only by
    /// the measures by which it was looked at before.
    package mutating func record(_ observation: Observation, baseline: [Signal], now: Date) {
        round += 1
        let longestHole = VerificationTiming.longestHole(window: stabilityWindow)
        noteRun(observation)
        noteBeginning(observation)
        for kind in Signal.Kind.allCases {
            guard let signal = observation.signals.first(where: { $0.kind == kind }).map({ weigh($0, baseline) }) else {
                goodSince[kind] = nil
                latest[kind] = nil
                if kind == .target { finalReadings = 0 }
                continue
            }
            let goesOn = latest[kind].map {
                // Never backwards: where the clock was set back, nothing of before can be measured with it.
                $0.instance == signal.instance
                    && (0...longestHole).contains(signal.observedAt.timeIntervalSince($0.observedAt))
            }
            if signal.reading != .good {
                if signal.reading != .unknown { noteEnd(of: kind, at: signal.observedAt) }
                goodSince[kind] = nil
            } else if goodSince[kind] == nil || goesOn != true {
                goodSince[kind] = signal.observedAt
            }
            if kind == .target { finalReadings = signal.reading == .badForGood ? finalReadings + 1 : 0 }
            latest[kind] = signal
        }
    }

    /// What was good so far counts no more: a new alert, or a new occurrence of one, was reported.
    package mutating func startAgain() { goodSince = [:] }

    private mutating func noteRun(_ observation: Observation) {
        guard let target = observation.signals.first(where: { $0.kind == .target }), let run = target.instance else {
            return
        }
        if let lastRun, lastRun != run {
            noteEnd(of: .target, at: target.observedAt)
            goodSince = [:]
        }
        lastRun = run
    }

    private mutating func noteBeginning(_ observation: Observation) {
        guard let began = observation.timing.lastBeginning, began > lastBeginning ?? -.infinity else { return }
        if lastBeginning != nil, let metrics = observation.signals.first(where: { $0.kind == .metrics }) {
            noteEnd(of: .metrics, at: metrics.observedAt)
            goodSince = [:]
        }
        lastBeginning = began
    }

    /// What was good for so long and is not any more may be so again: a proof must last longer.
    private mutating func noteEnd(of kind: Signal.Kind, at time: Date) {
        guard let since = goodSince[kind] else { return }
        longestRespite = max(longestRespite ?? 0, time.timeIntervalSince(since))
    }

    private func weigh(_ signal: Signal, _ baseline: [Signal]) -> Signal {
        guard signal.reading == .good else { return signal }
        let doubt: String
        if signal.kind == .target, isRunFromBefore(signal, baseline) {
            doubt = "it is still the run from before the change"
        } else if let missing = missingMeasure(in: signal, baseline) {
            doubt = "it is not measured any more as it was before, by \(missing)"
        } else {
            return signal
        }
        return Signal(
            kind: signal.kind, source: signal.source, reading: .unknown,
            detail: "\(doubt): \(signal.detail.display())", observedAt: signal.observedAt, instance: signal.instance,
            identity: signal.identity, measures: signal.measures, isRestartedByItself: signal.isRestartedByItself)
    }

    /// What the same kind was measured by before, and now is not, or by less.
    private func missingMeasure(in signal: Signal, _ baseline: [Signal]) -> String? {
        let before = baseline.first { $0.kind == signal.kind }?.measures ?? []
        let lost = before.first { measure in
            !(signal.measures ?? []).contains { $0.what == measure.what && $0.count >= measure.count }
        }
        return lost?.what
    }

    /// Whether a repair left the target as it was; where runs can't be told apart, a target that was good before is
    /// taken for unchanged.
    private func isRunFromBefore(_ signal: Signal, _ baseline: [Signal]) -> Bool {
        guard purpose == .repair, let before = baseline.first(where: { $0.kind == .target }),
            before.instance == signal.instance
        else { return false }
        return before.instance != nil || before.reading == .good
    }

    /// Judges what is known at `now`.
    ///
    /// A window ends with the last look, not with `now`: a slow answer of one kind must not make a single look at
    /// another kind count as time in which it was good. After the deadline nothing is `verified` any more.
    package func judge(baseline: [Signal], now: Date) -> Judgement {
        let bad = Signal.Kind.allCases.filter { latest[$0]?.reading == .bad || latest[$0]?.reading == .badForGood }
        let stable = Signal.Kind.allCases.filter(isStable)
        let isUnchanged = latest[.target].map { isRunFromBefore($0, baseline) } ?? false
        if stable.count >= 2, bad.isEmpty, !isUnchanged, now <= deadline {
            let kinds = stable.map(\.rawValue).joined(separator: " and ")
            return .conclude(.verified, reason: "\(kinds) were good for \(Int(neededSeconds)) s")
        }
        if finalReadings >= 2 {
            return .conclude(badVerdict(bad, baseline), reason: "the target is \(detail(of: .target)), and stays so")
        }
        if purpose == .recovery, round >= 3, bad.contains(.target) || bad.contains(.service) {
            return .conclude(.notFixed, reason: "it has not recovered: \(describe(bad))")
        }
        guard now < deadline else { return conclusionAtDeadline(bad, stable, isUnchanged: isUnchanged, baseline) }
        return .lookAgain(after: pause(now: now))
    }

    /// The window is short only while the target's own probe confirms it.
    private var neededSeconds: Double {
        let window = max(stabilityWindow, longestRespite.map(VerificationTiming.covering) ?? 0)
        return goodSince[.target] != nil ? window : max(window, VerificationTiming.windowWithoutTarget)
    }

    private func isStable(_ kind: Signal.Kind) -> Bool {
        guard let since = goodSince[kind], let last = latest[kind]?.observedAt else { return false }
        return last.timeIntervalSince(since) >= neededSeconds
    }

    private func conclusionAtDeadline(
        _ bad: [Signal.Kind], _ stable: [Signal.Kind], isUnchanged: Bool, _ baseline: [Signal]
    ) -> Judgement {
        if !bad.isEmpty { return .conclude(badVerdict(bad, baseline), reason: "at the deadline: \(describe(bad))") }
        let names = stable.map(\.rawValue).joined(separator: " and ")
        let missing = describe(Signal.Kind.allCases.filter { !stable.contains($0) })
        let proof =
            switch stable.count {
            case 0: "at the deadline no kind of signal was good for long enough, two are needed; \(missing)"
            case 1: "at the deadline only \(names) was good for long enough, two are needed; \(missing)"
            case _ where isUnchanged: "\(names) are good, but not because of the change; \(missing)"
            default: "\(names) were good for long enough only after the deadline"
            }
        return .conclude(.unknown, reason: proof)
    }

    private func badVerdict(_ bad: [Signal.Kind], _ baseline: [Signal]) -> Verdict {
        // An alert alone never makes it `worsened`: a forged one could otherwise trigger an undo.
        let worse = bad.contains { kind in
            kind != .metrics && baseline.contains { $0.kind == kind && $0.reading == .good }
        }
        return purpose == .repair && worse ? .worsened : .notFixed
    }

    private func pause(now: Date) -> Double {
        var pause = VerificationTiming.pause(afterRound: round)
        if !goodSince.isEmpty { pause = min(pause, max(1, neededSeconds / 4)) }
        // The end of a window is worth a look of its own, and so is the deadline.
        let ends = goodSince.filter { !isStable($0.key) }.map { neededSeconds - now.timeIntervalSince($0.value) + 0.01 }
        if let end = ends.min() { pause = min(pause, end) }
        return max(0.05, min(pause, deadline.timeIntervalSince(now)))
    }

    private func describe(_ kinds: [Signal.Kind]) -> String {
        kinds.map { "\($0.rawValue): \(detail(of: $0))" }.joined(separator: "; ")
    }

    private func detail(of kind: Signal.Kind) -> String { latest[kind]?.detail.display(limit: 160) ?? "no signal" }
}
