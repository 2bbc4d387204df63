// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore

/// Silences beside an incident's own life: they never change its phase, and its end ends them.
extension IncidentMachine {
    /// Silences that an incident may have had.
    private static let maximumSilences = 256
    /// Attempts to make one, each under an intent of its own, before a person is told that it can't be done.
    ///
    /// Ending one is tried until it ends by itself: given up, it would keep pages away that somebody waits for.
    package static let maximumSilenceAttempts = 5

    func silenceWanted(_ wish: SilenceWish, _ incident: Incident, _ now: Date) throws(EventRefusal) -> Transition {
        var transition = Transition(incident)
        switch wish {
        case .silence(let seconds, let person, let reason):
            let wanted = try alertsToSilence(incident, seconds, reason, now)
            let endsAt = now.addingTimeInterval(seconds)
            transition.incident.silences += wanted.map {
                Silence(labels: $0, by: person, reason: reason, endsAt: endsAt, due: now)
            }
            let why = reason.isEmpty ? "" : ": \(UntrustedText(reason).display())"
            transition.note(
                "silence wanted", "by \(person), of \(wanted.count) alerts until \(RFC3339.format(endsAt))\(why)",
                at: now)
            transition.audit.append(auditWish(person, incident, until: endsAt, reason, now))
        case .end(let person):
            guard incident.silences.contains(where: { $0.isWanted(at: now) }) else {
                throw .refused("nothing of this incident is silenced")
            }
            transition.note("end of silence wanted", "by \(person)", at: now)
            transition.audit.append(auditWish(person, incident, until: nil, "", now))
            endSilences(.person(person), &transition, now)
        }
        enqueueSilence(&transition, now)
        return transition
    }

    /// The alerts that fire and are not silenced; refuses the whole wish when one of them must not be.
    private func alertsToSilence(
        _ incident: Incident, _ seconds: Double, _ reason: String, _ now: Date
    ) throws(EventRefusal) -> [LabelSet] {
        guard !incident.phase.isClosed else { throw .refused("the incident has ended") }
        guard JudgedSilenceChange.seconds.contains(seconds) else {
            throw .refused("a silence takes from a minute to a day")
        }
        guard reason.utf8.count <= JudgedSilenceChange.longestReason else {
            throw .refused("the reason takes at most \(JudgedSilenceChange.longestReason) bytes")
        }
        let firing = incident.members.filter { $0.alert.state == .firing }.map(\.alert.labels)
        guard !firing.isEmpty else { throw .refused("none of its alerts fires") }
        let silenced = incident.silences.filter { $0.isWanted(at: now) }
        let wanted = firing.filter { labels in !silenced.contains { $0.labels == labels } }
        guard !wanted.isEmpty else {
            let until = silenced.map(\.endsAt).min().map { " until \(RFC3339.format($0))" } ?? ""
            throw .refused("all its alerts are silenced\(until); end that first")
        }
        guard incident.silences.count + wanted.count <= Self.maximumSilences else {
            throw .refused("it had \(incident.silences.count) silences, and that is enough")
        }
        for labels in wanted {
            do throws(SilenceRefusal) { try JudgedSilenceChange.check(labels) } catch { throw .refused(error.reason) }
        }
        return wanted
    }

    func silenceHeld(
        _ step: Int, _ reason: String, _ retryAfter: Double?, _ incident: Incident, _ now: Date
    ) throws(EventRefusal) -> Transition {
        guard incident.silences.indices.contains(step), incident.silences[step].due != nil else { throw .stale }
        // What may have been asked for is never given up for what only keeps Jarvis from asking about it.
        guard incident.silences[step].pending == nil || retryAfter != nil else { throw .stale }
        var transition = Transition(incident)
        if let retryAfter {
            transition.incident.silences[step].due = now.addingTimeInterval(retryAfter)
            if incident.silences[step].heldBy != reason {
                transition.incident.silences[step].heldBy = reason
                transition.note("silence held back", reason, at: now)
            }
        } else {
            finishSilence(step, reason, &transition, now)
        }
        enqueueSilence(&transition, now)
        return transition
    }

    func silenceIntended(
        _ intent: APIIntent, _ canonical: String, _ incident: Incident, _ now: Date
    ) throws(EventRefusal) -> Transition {
        guard incident.silences.indices.contains(intent.step) else { throw .stale }
        var transition = Transition(incident)
        var silence = incident.silences[intent.step]
        switch (silence.state, silence.end, intent.change) {
        case (.absent(let failures), nil, .createSilence) where intent.attempt == failures + 1:
            silence.state = .creating(intent)
        case (.standing(let id, let failures), .some, .endSilence) where intent.attempt == failures + 1:
            if let place = silence.service, let other = intent.service, place != other {
                throw .refused("the silence stands at \(place), and its end would be sent to \(other)")
            }
            silence.state = .ending(id, intent)
        default: throw .stale
        }
        // Whoever comes back to it after a crash finds this job: it asks, and does not send again.
        silence.due = intent.decidedAt
        silence.heldBy = nil
        silence.doubt = nil
        silence.looks = 0
        transition.incident.silences[intent.step] = silence
        let place = intent.service.map { " at \(UntrustedText($0.address).display(limit: 300))" } ?? ""
        transition.note("silence intent", "attempt \(intent.attempt)\(place): \(canonical)", at: now)
        var record = auditChange(.intent, intent, silence, incident, now)
        record.call = canonical + place
        transition.audit.append(record)
        enqueueSilence(&transition, now)
        return transition
    }

    func silenceAnswered(
        _ id: IntentID, _ receipt: APIReceipt, _ incident: Incident, _ now: Date
    ) throws(EventRefusal) -> Transition {
        guard let (step, intent) = pendingSilence(id, incident) else { throw .stale }
        var transition = Transition(incident)
        var record = auditChange(.receipt, intent, incident.silences[step], incident, now)
        record.ending = receipt.label
        switch receipt.ending {
        case .done: break
        case .refused(let words): record.why = words.display(limit: 500)
        case .notDone(let reason), .unknown(let reason): record.why = UntrustedText(reason).display(limit: 500)
        }
        transition.audit.append(record)
        transition.incident.silences[step].due = nil
        transition.incident.silences[step].doubt = nil
        transition.incident.silences[step].heldBy = nil
        switch intent.change {
        case .createSilence: created(step, receipt, intent, &transition, now)
        case .endSilence: ended(step, receipt, intent, &transition, now)
        }
        enqueueSilence(&transition, now)
        return transition
    }

    private func created(
        _ step: Int, _ receipt: APIReceipt, _ intent: APIIntent, _ transition: inout Transition, _ now: Date
    ) {
        let silence = transition.incident.silences[step]
        switch receipt.ending {
        case .done(let object):
            // What is no name of a silence was never accepted as an answer.
            guard let id = SilenceID(object) else {
                return finishSilence(step, "Alertmanager's name for it can't be used", &transition, now)
            }
            transition.incident.silences[step].state = .standing(id, failures: 0)
            transition.incident.silences[step].service = intent.service
            let how = receipt.isProbe ? "; its answer was lost, and it was found by its comment" : ""
            transition.note(
                "silenced", "until \(RFC3339.format(silence.endsAt)), as \(id) in Alertmanager\(how)", at: now)
            if silence.end != nil { transition.incident.silences[step].due = now }
        case .refused(let words):
            finishSilence(step, "Alertmanager refused it: \(words.display(limit: 300))", &transition, now)
        case .unknown(let reason):
            finishSilence(step, "it is not known whether it was made: \(reason)", &transition, now)
        case .notDone(let reason):
            guard silence.end == nil else {
                return finishSilence(step, "it was not made, and is not wanted any more", &transition, now)
            }
            transition.incident.silences[step].state = .absent(failures: intent.attempt)
            retry(step, intent, "it was not made: \(UntrustedText(reason).display())", &transition, now)
        }
    }

    private func ended(
        _ step: Int, _ receipt: APIReceipt, _ intent: APIIntent, _ transition: inout Transition, _ now: Date
    ) {
        guard case .ending(let id, _) = transition.incident.silences[step].state else { return }
        let byItself = "it ends by itself at \(RFC3339.format(transition.incident.silences[step].endsAt))"
        switch receipt.ending {
        case .done:
            finishSilence(
                step, receipt.isProbe ? "ended; the answer was lost, and Alertmanager was asked" : "ended", &transition,
                now)
        case .unknown(let reason):
            finishSilence(step, "it is not known whether it was ended: \(reason); \(byItself)", &transition, now)
        case .refused(let words):
            transition.incident.silences[step].state = .standing(id, failures: intent.attempt)
            retry(
                step, intent, "Alertmanager refused to end it: \(words.display(limit: 300)); \(byItself)", &transition,
                now)
        case .notDone(let reason):
            transition.incident.silences[step].state = .standing(id, failures: intent.attempt)
            retry(
                step, intent, "it was not ended: \(UntrustedText(reason).display()); \(byItself)", &transition, now)
        }
    }

    /// A further attempt, with an intent of its own, a little later; to make one, a few at most.
    private func retry(
        _ step: Int, _ intent: APIIntent, _ reason: String, _ transition: inout Transition, _ now: Date
    ) {
        guard intent.change == .endSilence || intent.attempt < Self.maximumSilenceAttempts else {
            return finishSilence(step, "given up after \(intent.attempt) attempts: \(reason)", &transition, now)
        }
        let pause = Self.pause(after: intent.attempt)
        transition.incident.silences[step].due = now.addingTimeInterval(pause)
        transition.note("silence attempt failed", "\(reason); tried again in \(Int(pause)) s", at: now)
    }

    func silenceUnanswered(
        _ id: IntentID, _ reason: String, _ incident: Incident, _ now: Date
    ) throws(EventRefusal) -> Transition {
        guard let (step, intent) = pendingSilence(id, incident) else { throw .stale }
        var transition = Transition(incident)
        var silence = incident.silences[step]
        // Before its own deadline the request may still be on its way, and not there would prove nothing. One further
        // away than it takes is one of a clock that was set back since: then all of it is waited for again.
        let decided = min(intent.decidedAt, now.addingTimeInterval(Double(intent.deadlineSeconds)))
        silence.due = max(decided, now.addingTimeInterval(silence.looks == 0 ? 0 : Self.pause(after: silence.looks)))
        silence.looks += 1
        silence.heldBy = nil
        if silence.doubt == nil {
            transition.note(
                "silence unknown",
                "\(UntrustedText(reason).display()); Alertmanager is asked until it says whether it happened", at: now)
        }
        silence.doubt = UntrustedText(reason).display()
        transition.incident.silences[step] = silence
        enqueueSilence(&transition, now)
        return transition
    }

    /// Nothing of an incident stays silenced longer than somebody wants it, or than the incident itself.
    func endSilences(_ end: Silence.End, _ transition: inout Transition, _ now: Date) {
        for step in transition.incident.silences.indices where transition.incident.silences[step].end == nil {
            switch transition.incident.silences[step].state {
            case .over: continue
            case .absent: finishSilence(step, "it is not wanted any more, and was not made", &transition, now)
            case .standing where now >= transition.incident.silences[step].endsAt:
                finishSilence(
                    step, JudgedSilenceChange.ranOut(transition.incident.silences[step]), &transition, now)
            case .standing: transition.incident.silences[step].due = now
            // Known first whether there is one.
            case .creating, .ending: break
            }
            transition.incident.silences[step].end = end
        }
    }

    /// What was to be made is not made any more: it may have been made since, by what the store does not know of.
    func forgetSilencesToMake(_ why: String, _ transition: inout Transition, _ now: Date) {
        for step in transition.incident.silences.indices {
            guard case .absent = transition.incident.silences[step].state else { continue }
            finishSilence(step, "\(why): it is not asked for again", &transition, now)
        }
    }

    /// Asks for the job that works on what is due first; nothing for silences at rest.
    func enqueueSilence(_ transition: inout Transition, _ now: Date) {
        guard let due = transition.incident.silencesDue(at: now) else { return }
        transition.enqueue(.silence(transition.incident.id), at: due)
    }

    private func finishSilence(_ step: Int, _ reason: String, _ transition: inout Transition, _ now: Date) {
        transition.incident.silences[step].state = .over(reason: reason)
        transition.incident.silences[step].due = nil
        transition.incident.silences[step].heldBy = nil
        transition.note("silence over", reason, at: now)
    }

    private func pendingSilence(_ id: IntentID, _ incident: Incident) -> (step: Int, intent: APIIntent)? {
        for (step, silence) in incident.silences.enumerated() {
            if let intent = silence.pending, intent.id == id { return (step, intent) }
        }
        return nil
    }

    /// Seconds: 5, 10, 20, and so on up to five minutes.
    private static func pause(after attempts: Int) -> Double {
        min(Silence.longestPause, 5 * Double(1 << min(max(attempts - 1, 0), 10)))
    }

    private func auditWish(
        _ person: String, _ incident: Incident, until: Date?, _ reason: String, _ now: Date
    ) -> AuditRecord {
        var record = AuditRecord(.silence, by: .person(person), at: now)
        record.incident = incident.id
        record.target = incident.target
        record.until = until.map(RFC3339.format)
        record.why = reason.isEmpty ? nil : reason
        return record
    }

    private func auditChange(
        _ event: AuditRecord.Event, _ intent: APIIntent, _ silence: Silence, _ incident: Incident, _ now: Date
    ) -> AuditRecord {
        let actor: AuditActor =
            switch (intent.change, silence.end) {
            case (.endSilence, .person(let person)): .person(person)
            case (.endSilence, _): .jarvis
            case (.createSilence, _): .person(silence.by)
            }
        var record = AuditRecord(event, by: actor, at: now)
        record.incident = incident.id
        record.intent = intent.id
        record.target = incident.target
        record.step = intent.step + 1
        return record
    }
}
