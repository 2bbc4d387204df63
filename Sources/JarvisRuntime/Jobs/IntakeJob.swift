// SPDX-License-Identifier: Apache-2.0

import FaultPoints
import FoundationEssentials
import JarvisCore
import JarvisEngine
import Logging

/// Turns a stored delivery into alerts and incidents.
///
/// Every alert is a transaction of its own, so that a repeat after a crash finds what was done and goes on.
struct IntakeJob {
    private static let maximumConflicts = 64

    let context: JobContext

    func run(_ id: DeliveryID, _ claim: JobClaim) async throws {
        guard let delivery = try await context.alertLog.delivery(id) else {
            throw StoreError.corrupt(what: "delivery \(id) is missing")
        }
        if FaultPoint.fails("intake.load.after") { throw StoreError.unavailable(reason: "injected") }
        var failure: StoreError?
        for alert in Intake.newest(delivery.alerts) {
            do {
                try await take(alert, claim.job)
            } catch let error as StoreError where !error.isRetryable {
                // One alert behind an unreadable record must not take the rest of its delivery along.
                context.logger.error(
                    "an alert could not be taken in",
                    metadata: ["alert.fingerprint": "\(alert.fingerprint)", "error": "\(error)"])
                context.metrics.jobFailed(kind: "intake")
                failure = error
            }
        }
        // Given up, so that a person sees it and can have it tried again: what was taken in is a repeat then.
        if let failure { throw failure }
        if FaultPoint.fails("intake.done.before") { throw StoreError.unavailable(reason: "injected") }
        var done = StoreChange()
        done.completing = claim
        try await context.store.commit(done)
    }

    private func take(_ alert: Alert, _ report: Int64) async throws {
        for _ in 0..<Self.maximumConflicts {
            do {
                return try await takeOnce(alert, report)
            } catch StoreError.versionConflict {
                continue
            }
        }
        throw StoreError.versionConflict
    }

    private func takeOnce(_ alert: Alert, _ report: Int64) async throws {
        FaultPoint.passes("intake.place.before")
        let now = context.now()
        let record = try await context.store.alertRecord(of: alert.labels)
        let alert = Intake.continuing(alert, report: report, record: record)
        let recognised = Intake.recognise(alert.labels, rules: context.rules)
        let target = recognised?.target
        let before = try await previous(record)
        let standing = standing(of: before, for: alert, recognised, at: now)
        // Where the labels don't tell it, the incident that may go on does: two about one target are never open.
        let former: Target? = if case .mayRelapse = standing { before?.target } else { nil }
        var sameTarget: IncidentID?
        if let about = target ?? former { sameTarget = try await context.store.openIncident(about: about) }
        let placement = Intake.place(
            alert, report: report, record: record, previous: standing, target: target, sameTarget: sameTarget)
        var known = AlertRecord(alert: alert, incident: record?.incident, writtenAt: now, report: report)
        switch placement {
        case .repeated: return
        case .recordOnly: try await commit(AlertUpdate(known, replacing: record))
        case .attach(let incident):
            known.incident = incident
            try await apply(.reported(alert), AlertUpdate(known, replacing: record), to: incident)
        case .relapse(let incident):
            try await apply(.relapsed(alert), AlertUpdate(known, replacing: record), to: incident)
        case .open(let target):
            let transition = context.ledger.machine.open(
                context.newID(), for: alert, about: target, lastEscalation: before?.newestEscalation, at: now)
            known.incident = transition.incident.id
            let update = AlertUpdate(known, replacing: record)
            if FaultPoint.fails("intake.open.before") { throw StoreError.unavailable(reason: "injected") }
            try await context.ledger.commit(transition) { $0.alerts = [update] }
            if FaultPoint.fails("intake.open.after") { throw StoreError.unavailable(reason: "injected") }
            context.metrics.opened(patternKnown: recognised != nil)
        }
    }

    private func apply(_ event: IncidentEvent, _ update: AlertUpdate, to incident: IncidentID) async throws {
        do {
            try await context.ledger.apply(event, to: incident, tries: 1) { $0.alerts = [update] }
        } catch EventRefusal.stale {
            // It ended, or was opened again, between the look and the commit: decide anew.
            throw StoreError.versionConflict
        }
    }

    private func standing(
        of incident: Incident?, for alert: Alert, _ recognised: (pattern: Pattern, target: Target?)?, at now: Date
    ) -> Intake.Previous {
        guard let incident else { return .isOver }
        guard case .closed(let closing) = incident.phase else { return .isOpen }
        let isSameTarget = recognised?.target == nil || recognised?.target == incident.target
        return isSameTarget && incident.mayRelapse(at: now)
            && incident.isPlanned(for: alert, pattern: recognised?.pattern.id)
            ? .mayRelapse(isSettled: now.timeIntervalSince(closing.at) > Incident.settlingTime) : .isOver
    }

    private func commit(_ update: AlertUpdate) async throws {
        var change = StoreChange()
        change.alerts = [update]
        try await context.store.commit(change)
    }

    private func previous(_ record: AlertRecord?) async throws -> Incident? {
        guard let id = record?.incident else { return nil }
        return try await context.store.incident(id)
    }
}
