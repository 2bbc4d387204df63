// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import FaultPoints
import FoundationEssentials
import JarvisCore
import JarvisEngine
import Logging

/// Asks Alertmanager for the change that a silence stands at, at most once for each intent.
///
/// The intent is durable before the request is sent, with a job that comes back when the request must have ended. Who
/// finds an intent without receipt asks whether there is a silence with its mark, and sends nothing. Only the service
/// that an intent or a silence names is asked about it: while another one is configured, or none, it waits.
struct SilenceJob {
    /// Seconds within which a request is sent after its intent was written; its own limit counts from then on.
    private static let grace = 5
    /// Seconds after the end of a silence from which on it does not matter any more whether it was made.
    private static let patience = 60.0
    /// Seconds after which a job that came too early looks again.
    private static let longestPause = 60.0
    /// Seconds between looks whether the right Alertmanager is configured again.
    private static let pauseUntilConfigured = 60.0

    let context: JobContext

    func run(_ id: IncidentID, _ claim: JobClaim) async throws {
        guard let incident = try await context.store.incident(id) else { throw EventRefusal.stale }
        let now = context.now()
        guard let (step, silence) = incident.dueSilence(at: now) else { try comeBack(incident) }
        do {
            if let intent = silence.pending { return try await settle(intent, silence, claim) }
            try await change(step, silence, of: incident, claim)
        } catch let elsewhere as Elsewhere {
            if silence.heldBy != elsewhere.reason {
                context.metrics.silenceElsewhere()
                context.logger.warning(
                    "a silence waits for its Alertmanager to be configured",
                    metadata: [
                        "incident.id": "\(incident.id)", "reason": "\(elsewhere.reason)", "see": "docs/SILENCES.md",
                    ])
            }
            try await hold(step, elsewhere.reason, Self.pauseUntilConfigured, incident, claim)
        } catch let refusal as SilenceRefusal {
            try await hold(step, refusal.reason, nil, incident, claim)
        } catch StoreError.restrained(let restraint) {
            context.metrics.stepRestrained(restraint)
            try await hold(step, restraint.description, restraint.retryAfter, incident, claim)
        }
    }

    private func change(_ step: Int, _ silence: Silence, of incident: Incident, _ claim: JobClaim) async throws {
        let id: IntentID = context.newID()
        let now = context.now()
        let judged = try JudgedSilenceChange(next: silence, of: incident, under: id, at: now)
        let alerting = try rightAlerting(for: silence)
        let (change, failures): (APIIntent.Change, Int) =
            switch silence.state {
            case .standing(_, let failures): (.endSilence, failures)
            case .absent(let failures): (.createSilence, failures)
            case .creating, .ending, .over: throw EventRefusal.stale
            }
        let intent = APIIntent(
            id: id, incident: incident.id, step: step, attempt: failures + 1, change: change,
            digest: context.rules.digest(judged.canonical), fencingToken: claim.token, recordedAt: now,
            deadlineSeconds: alerting.deadlineSeconds + Self.grace, service: alerting.service)
        if FaultPoint.fails("silence.intent.before") { throw StoreError.unavailable(reason: "injected") }
        try await context.ledger.apply(.silenceIntended(intent, canonical: judged.canonical), to: incident.id) {
            $0.apiIntent = intent
            $0.holding = claim
        }
        FaultPoint.passes("silence.intent.durable")
        guard context.isClaimHeld() else { throw StoreError.claimLost }
        // Sent later, it might arrive after somebody has looked for it and found nothing.
        guard context.now() < intent.recordedAt.addingTimeInterval(Double(Self.grace)) else {
            let receipt = APIReceipt(.notDone(reason: "its intent took too long to become durable"))
            return try await record(receipt, intent, claim)
        }
        var answer = await Self.answer { () async throws(AlertingError) in
            try await .init(.done(object: alerting.apply(judged).text))
        }
        if FaultPoint.fails("silence.sent.after") { answer = .failure(.unknown(reason: "injected")) }
        switch answer {
        case .success(let receipt): try await record(receipt, intent, claim)
        case .failure(.notSent(let reason)): try await record(APIReceipt(.notDone(reason: reason)), intent, claim)
        case .failure(.refused(let words)): try await record(APIReceipt(.refused(words)), intent, claim)
        case .failure(.unknown(let reason)): try await doubt(reason, intent, silence, claim)
        }
    }

    /// Finds out what became of what may have been asked for.
    private func settle(_ intent: APIIntent, _ silence: Silence, _ claim: JobClaim) async throws {
        // Its own worker waits for the answer at this moment (a clock was set, or another instance's is ahead), and
        // what is not there yet may be there in the next one.
        guard try await !context.store.isHeld(intent.fencingToken) else { throw EventRefusal.stale }
        if let due = silence.due, due > context.now() {
            return try await doubt("the clock was set back while its answer was waited for", intent, silence, claim)
        }
        do {
            try await look(intent, silence, try rightAlerting(for: silence), claim)
        } catch let elsewhere as Elsewhere {
            guard isMoot(silence) else { throw elsewhere }
            try await record(APIReceipt(.unknown(reason: elsewhere.reason), isProbe: true), intent, claim)
        }
    }

    /// The service to ask about a silence; throws where another one is configured, or none.
    private func rightAlerting(for silence: Silence) throws(Elsewhere) -> any AlertingControl {
        if let reason = silence.obstacle(configured: context.alerting?.service) { throw Elsewhere(reason: reason) }
        guard let alerting = context.alerting else { throw Elsewhere(reason: "no Alertmanager is configured") }
        return alerting
    }

    /// Whether what may have been asked for has happened; a look that fails says nothing about that.
    private func look(
        _ intent: APIIntent, _ silence: Silence, _ alerting: any AlertingControl, _ claim: JobClaim
    ) async throws {
        FaultPoint.passes("silence.look.before")
        var answer = await Self.answer { () async throws(AlertingError) in
            if case .ending(let id, _) = silence.state {
                let isStanding = try await alerting.isStanding(id)
                return APIReceipt(
                    isStanding ? .notDone(reason: "Alertmanager still has it") : .done(object: id.text), isProbe: true)
            }
            let found = try await alerting.silence(of: intent.id, labels: silence.labels)
            return APIReceipt(
                found.map { .done(object: $0.text) }
                    ?? .notDone(reason: "Alertmanager has no silence with the mark of the intent"), isProbe: true)
        }
        if FaultPoint.fails("silence.look.after") { answer = .failure(.unknown(reason: "injected")) }
        switch answer {
        case .success(let receipt): try await record(receipt, intent, claim)
        case .failure(let error): try await doubt(error.description, intent, silence, claim)
        }
    }

    private static func answer(
        _ body: () async throws(AlertingError) -> APIReceipt
    ) async -> Result<APIReceipt, AlertingError> {
        do { return .success(try await body()) } catch { return .failure(error) }
    }

    private func record(_ receipt: APIReceipt, _ intent: APIIntent, _ claim: JobClaim) async throws {
        try await context.ledger.apply(.silenceAnswered(intent.id, receipt), to: intent.incident) {
            $0.apiReceipt = (intent, receipt)
            $0.completing = claim
        }
    }

    /// Keeps asking, until the silence would have ended by itself and it makes no difference any more.
    private func doubt(_ reason: String, _ intent: APIIntent, _ silence: Silence, _ claim: JobClaim) async throws {
        guard !isMoot(silence) else {
            return try await record(APIReceipt(.unknown(reason: reason), isProbe: true), intent, claim)
        }
        try await context.ledger.apply(.silenceUnanswered(intent.id, reason: reason), to: intent.incident) {
            $0.completing = claim
        }
    }

    /// Whether it has ended by itself, so that it makes no difference any more what became of a change of it.
    private func isMoot(_ silence: Silence) -> Bool {
        context.now() >= silence.endsAt.addingTimeInterval(Self.patience)
    }

    private func hold(
        _ step: Int, _ reason: String, _ retryAfter: Double?, _ incident: Incident, _ claim: JobClaim
    ) async throws {
        try await context.ledger.apply(
            .silenceHeld(step: step, reason: reason, retryAfter: retryAfter), to: incident.id
        ) { $0.completing = claim }
    }

    /// Nothing is due yet: another job did it, or the queue's clock is ahead of this one.
    private func comeBack(_ incident: Incident) throws -> Never {
        guard let due = incident.silencesDue(at: context.now()) else { throw EventRefusal.stale }
        throw NotDue(seconds: min(due.timeIntervalSince(context.now()), Self.longestPause))
    }
}

/// Why nothing is asked now: the service that a silence is to be looked for at is not the configured one.
private struct Elsewhere: Error {
    let reason: String
}

/// Why a job comes back later: by this process' clock it came too early.
///
/// A pause, and not a time, so that clocks that disagree make no loop without one.
private struct NotDue: JobError, CustomStringConvertible {
    let seconds: Double

    var isRetryable: Bool { true }
    var retryAfter: Duration? { .seconds(seconds) }
    var description: String { "not due for another \(Int(seconds.rounded(.up))) s" }
}
