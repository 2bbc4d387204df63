// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import JarvisCore

/// The life of an incident: a pure function of the incident, an event and the time.
package struct IncidentMachine: Sendable {
    /// Alerts of one incident that are followed one by one.
    static let maximumMembers = 64
    /// How often a plan is looked for before a person is told.
    static let maximumDiagnoses = 3
    /// Seconds before it is looked for again.
    static let diagnosisPause = 10.0

    let rules: EngineRules

    /// Builds a machine that decides by these rules.
    package init(rules: EngineRules) { self.rules = rules }

    /// Opens an incident for an alert that fires.
    ///
    /// - Parameter lastEscalation: when a person was last told about this alert; within the cooldown nobody is told
    ///   again, and the incident ends as `suppressed` instead.
    package func open(
        _ id: IncidentID, for alert: Alert, about target: Target?, lastEscalation: Date? = nil, at now: Date
    ) -> Transition {
        var transition = Transition(
            Incident(id: id, openedAt: now, alert: alert, target: target, lastEscalation: lastEscalation))
        let about = target.map { " about \($0)" } ?? ""
        transition.note(
            "opened", "\(alert.displayName)\(about), firing since \(RFC3339.format(alert.startsAt))", at: now)
        transition.enqueue(.diagnose(id), at: now)
        return transition
    }

    /// What follows from an event.
    ///
    /// Throws `EventRefusal.stale` for an event that the incident has moved past: it is dropped, nothing is written.
    package func handle(_ event: IncidentEvent, _ incident: Incident, at now: Date) throws(EventRefusal) -> Transition {
        guard incident.doubted != nil else { return try decide(event, incident, now) }
        return try handleDoubted(event, incident, now) { event throws(EventRefusal) in
            try decide(event, incident, now)
        }
    }

    private func decide(_ event: IncidentEvent, _ incident: Incident, _ now: Date) throws(EventRefusal) -> Transition {
        switch event {
        case .reported(let alert): try reported(alert, incident, now)
        case .relapsed(let alert): try relapsed(alert, incident, now)
        case .diagnosed(let observation, let record, let decisions):
            try diagnosed(observation, record, decisions, incident, now)
        case .lookedAgain(let observation): try lookedAgain(observation, incident, now)
        case .intended(let intent, let lastLines): try intended(intent, lastLines, incident, now)
        case .unprepared(let step, let reason): try unprepared(step, reason, incident, now)
        case .refused(let step, let reason): try refused(step, reason, incident, now)
        case .restrained(let step, let restraint): try restrained(step, restraint, incident, now)
        case .received(let intent, let receipt): try received(intent, receipt, incident, now)
        case .observed(let observation, let round): try observed(observation, round, incident, now)
        case .confirmed(let intent, let receipt): try confirmed(intent, receipt, incident, now)
        case .decided(let decision, let planHash, let person): try decided(decision, planHash, person, incident, now)
        case .approvalExpired(let planHash): try approvalExpired(planHash, incident, now)
        case .undoWanted(let person): try undoWanted(person, incident, now)
        case .undoSettled(let step, let ending): try undoSettled(step, ending, incident, now)
        case .undoIntended(let intent, let fields): try undoIntended(intent, fields, incident, now)
        case .undoRestrained(let step, let restraint): try undoRestrained(step, restraint, incident, now)
        case .undoReceived(let intent, let receipt): try undoReceived(intent, receipt, incident, now)
        case .undoCompared(let intent, let differing, let round):
            try undoCompared(intent, differing, round, incident, now)
        case .restored(let backup): try restored(backup, incident, now)
        case .silenceWanted(let wish): try silenceWanted(wish, incident, now)
        case .silenceHeld(let step, let reason, let retryAfter):
            try silenceHeld(step, reason, retryAfter, incident, now)
        case .silenceIntended(let intent, let canonical): try silenceIntended(intent, canonical, incident, now)
        case .silenceAnswered(let intent, let receipt): try silenceAnswered(intent, receipt, incident, now)
        case .silenceUnanswered(let intent, let reason): try silenceUnanswered(intent, reason, incident, now)
        }
    }

    private func reported(_ alert: Alert, _ incident: Incident, _ now: Date) throws(EventRefusal) -> Transition {
        guard !incident.phase.isClosed else { throw .stale }
        var transition = Transition(incident)
        var isNewlyFiring = alert.state == .firing
        if let index = incident.place(of: alert) {
            let known = incident.members[index].alert
            isNewlyFiring = isNewlyFiring && (known.state == .resolved || known.startsAt != alert.startsAt)
            transition.incident.members[index].alert = alert
        } else {
            guard alert.state == .firing, incident.members.count < Self.maximumMembers else {
                // Counted, so that what is not followed can't be called good.
                if alert.state == .firing { transition.incident.omittedMembers += 1 }
                guard transition.incident.omittedMembers > 0 || incident.wasReopened else { throw .stale }
                return transition
            }
            transition.incident.members.append(Incident.Member(alert: alert))
        }
        if isNewlyFiring {
            switch incident.phase {
            case .verifying(var verification):
                verification.startAgain()
                transition.incident.phase = .verifying(verification)
            case .confirming(var verification):
                // No longer proven. The host takes the change back unless it has heard, or it is proven again.
                verification.startAgain()
                verification.round += 1
                transition.incident.phase = .verifying(verification)
                transition.enqueue(.observe(incident.id, round: verification.round), at: now)
            case .diagnosing, .awaitingApproval, .acting, .undoing, .closed: break
            }
        }
        transition.note(alert.state == .firing ? "alert fires" : "alert resolved", alert.displayName, at: now)
        // `resolved` means look again. It never cuts off a step that has begun, and never runs one.
        guard !transition.incident.isFiring else { return transition }
        switch incident.phase {
        case .acting(_, intent: nil) where incident.hasActed:
            verify(.repair, &transition, "look again before anything more is changed", now)
        case .awaitingApproval, .acting(_, intent: nil):
            verify(.recovery, &transition, "look again before anything is changed", now)
        case .diagnosing, .acting, .verifying, .confirming, .undoing, .closed: break
        }
        return transition
    }

    func close(
        _ transition: inout Transition, _ outcome: Outcome, _ verdict: Verdict?, _ reason: String,
        evidence: [Signal] = [], isToldAgain: Bool = false,
        _ now: Date
    ) {
        transition.incident.release()
        let (outcome, reason) =
            isToldAgain ? (outcome, reason) : cooledDown(outcome, verdict, reason, transition.incident, now)
        transition.incident.phase = .closed(Closing(outcome: outcome, verdict: verdict, reason: reason, at: now))
        transition.isEnd = true
        endSilences(.incident, &transition, now)
        enqueueSilence(&transition, now)
        // Last, because whoever follows an incident stops there.
        transition.note(outcome.rawValue, reason, evidence: evidence, at: now)
    }

    /// What got worse is always told.
    private func cooledDown(
        _ outcome: Outcome, _ verdict: Verdict?, _ reason: String, _ incident: Incident, _ now: Date
    ) -> (Outcome, String) {
        // What the host is about to take back is told as well.
        guard outcome == .escalated, verdict != .worsened, incident.pendingRevert == nil,
            let last = incident.lastEscalation,
            (0..<rules.escalationCooldown).contains(now.timeIntervalSince(last))
        else { return (outcome, reason) }
        return (.suppressed, "told already at \(RFC3339.format(last)), and again: \(reason)")
    }

    func verify(
        _ purpose: Verification.Purpose, _ transition: inout Transition, _ why: String, _ now: Date,
        firstLookAt: Date? = nil
    ) {
        transition.incident.release()
        let begin = firstLookAt ?? now
        let (window, seconds) = watch(transition.incident)
        let deadline = latest(begin.addingTimeInterval(seconds), transition.incident)
        transition.incident.phase = .verifying(
            Verification(purpose: purpose, since: begin, deadline: deadline, stabilityWindow: window))
        transition.note(
            purpose == .repair ? "verification begins" : "watching for recovery",
            "\(why); good for \(Int(window)) s proves it, at the latest in \(Int(deadline.timeIntervalSince(now))) s",
            at: now)
        transition.enqueue(.observe(transition.incident.id, round: 0), at: begin)
    }

    /// How long signals must stay good, and how long that may take, as far as the sources' intervals are known.
    package func watch(_ incident: Incident) -> (window: Double, deadline: Double) {
        let hasProbe =
            incident.target.map { TargetProbe.exists(for: $0, in: rules.inventory) } ?? false
        let window = VerificationTiming.stabilityWindow(
            incident.timing, hasTargetProbe: hasProbe,
            restartsByItself: incident.baseline.contains { $0.isRestartedByItself == true },
            respite: incident.withdrawals.last.map { $0.at.timeIntervalSince($0.closing.at) })
        return (window, VerificationTiming.deadline(incident.timing, window: window))
    }
}
