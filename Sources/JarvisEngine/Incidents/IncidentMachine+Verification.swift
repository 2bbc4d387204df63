// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore

extension IncidentMachine {
    func observed(_ observation: Observation, _ round: Int, _ incident: Incident, _ now: Date) throws(EventRefusal)
        -> Transition
    {
        guard case .verifying(var verification) = incident.phase, verification.round == round else { throw .stale }
        let before = verification.latest.mapValues(\.reading)
        var transition = Transition(incident)
        transition.incident.timing = incident.timing.updated(with: observation.timing)
        widen(&verification, for: transition.incident)
        verification.record(observation, baseline: incident.baseline, now: now)
        transition.incident.phase = .verifying(verification)
        if verification.latest.mapValues(\.reading) != before {
            let seen = verification.latest.sorted { $0.key.rawValue < $1.key.rawValue }.map(\.value)
            transition.note(
                "observed", seen.map { "\($0.kind.rawValue) \($0.reading.rawValue)" }.joined(separator: ", "),
                evidence: seen, at: now)
        }
        switch verification.judge(baseline: incident.baseline, now: now) {
        case .lookAgain(let pause):
            transition.enqueue(.observe(incident.id, round: verification.round), at: now.addingTimeInterval(pause))
        case .conclude(let verdict, let reason):
            conclude(verdict, reason, verification, &transition, now)
        }
        return transition
    }

    /// Intervals that become known only while watching (Prometheus was away before) count as well.
    private func widen(_ verification: inout Verification, for incident: Incident) {
        let (window, seconds) = watch(incident)
        verification.stabilityWindow = max(verification.stabilityWindow, window)
        verification.deadline = max(
            verification.deadline, latest(verification.since.addingTimeInterval(seconds), incident))
    }

    private func conclude(
        _ verdict: Verdict, _ reason: String, _ verification: Verification, _ transition: inout Transition, _ now: Date
    ) {
        let evidence = Signal.Kind.allCases.compactMap { verification.latest[$0] }
        switch (verification.purpose, verdict) {
        case (.repair, .verified) where !transition.incident.mayBeCredited:
            // It is well, but a command that failed did not do it.
            let revert = transition.incident.revertNote(now)
            close(
                &transition, revert.isEmpty ? .recoveredUnproven : .escalated, .unknown,
                "the step failed, yet \(reason)\(revert)", evidence: evidence, now)
        case (.repair, .verified) where transition.incident.pendingRevert != nil:
            confirm(verification, reason, &transition, now)
        case (.repair, .verified): close(&transition, .fixed, verdict, reason, evidence: evidence, now)
        case (.recovery, .verified): close(&transition, .selfResolved, verdict, reason, evidence: evidence, now)
        case (.recovery, .notFixed), (.recovery, .worsened):
            let isActionable = evidence.contains {
                $0.kind != .metrics && $0.reading != .good && $0.reading != .unknown
            }
            if isActionable, transition.incident.diagnoses < Self.maximumDiagnoses {
                diagnoseAgain(&transition, reason, evidence: evidence, now)
            } else {
                close(&transition, .escalated, verdict, reason, evidence: evidence, now)
            }
        case (.repair, .worsened) where transition.incident.pendingRevert == nil:
            if let obstacle = beginUndo(
                of: transition.incident.stepsToUndo, .worsened, verdict, reason, evidence: evidence, &transition, now)
            {
                close(
                    &transition, .escalated, verdict, "\(reason); not undone: \(obstacle)", evidence: evidence, now)
            }
        case (.repair, .notFixed), (.repair, .worsened):
            let revert = transition.incident.revertNote(now)
            close(&transition, .escalated, verdict, reason + revert, evidence: evidence, now)
        case (_, .unknown):
            let revert = transition.incident.revertNote(now)
            let outcome: Outcome = transition.incident.isFiring || !revert.isEmpty ? .escalated : .recoveredUnproven
            close(&transition, outcome, verdict, reason + revert, evidence: evidence, now)
        }
    }
}

extension Incident {
    /// Whether a recovery can be the work of the last step: it ended well, or nobody knows how it ended.
    fileprivate var mayBeCredited: Bool {
        switch attempts.last?.receipt?.ending {
        case .exited(0), .unknown: true
        case .exited, .timedOut, .notStarted, nil: false
        }
    }
}
