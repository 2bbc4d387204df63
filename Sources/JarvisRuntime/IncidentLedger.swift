// SPDX-License-Identifier: Apache-2.0

import FaultPoints
package import FoundationEssentials
package import JarvisCore
package import JarvisEngine
package import Logging

/// Applies events to stored incidents: load, decide, commit; decide anew when somebody else was first.
package struct IncidentLedger: Sendable {
    /// How often an event is decided anew because somebody else was first.
    package static let maximumConflicts = 64

    let store: any IncidentStore
    let machine: IncidentMachine
    let metrics: RuntimeMetrics
    let logger: Logger
    let now: @Sendable () -> Date

    /// Builds a ledger.
    package init(
        store: any IncidentStore, machine: IncidentMachine, metrics: RuntimeMetrics, logger: Logger,
        now: @escaping @Sendable () -> Date
    ) {
        self.store = store
        self.machine = machine
        self.metrics = metrics
        self.logger = logger
        self.now = now
    }

    /// Applies one event and returns the incident after it.
    ///
    /// Durable when it returns. `extend` adds what else must be in the same transaction (the job it completes, an
    /// intent, alerts). Throws `EventRefusal` when the event does not apply, `StoreError` when it could not be stored;
    /// then nothing of it is stored. Where the caller decides anew itself after a `versionConflict`, because more than
    /// the incident may have changed, it asks for a single try.
    @discardableResult
    package func apply(
        _ event: IncidentEvent, to id: IncidentID, tries: Int = maximumConflicts,
        extend: (inout StoreChange) -> Void = { _ in }
    ) async throws -> Incident {
        for _ in 0..<tries {
            guard let incident = try await store.incident(id) else {
                throw StoreError.corrupt(what: "incident \(id) is missing")
            }
            let transition = try machine.handle(event, incident, at: now())
            do {
                if FaultPoint.fails("ledger.", event.name, ".before") {
                    throw StoreError.unavailable(reason: "injected")
                }
                try await commit(transition, extend: extend)
                if FaultPoint.fails("ledger.", event.name, ".after") {
                    throw StoreError.unavailable(reason: "injected")
                }
                return transition.incident
            } catch StoreError.versionConflict {
                continue
            }
        }
        throw StoreError.versionConflict
    }

    /// Commits a transition with whatever belongs to it, then logs and counts it.
    func commit(_ transition: Transition, extend: (inout StoreChange) -> Void) async throws {
        var change = StoreChange(incident: transition.incident)
        change.entries = transition.entries
        change.jobs = transition.jobs
        change.audit = transition.audit
        change.withdrawal = transition.withdrawal
        extend(&change)
        try await store.commit(change)
        report(transition, change)
    }

    private func report(_ transition: Transition, _ change: StoreChange) {
        let incident = transition.incident
        for entry in transition.entries {
            logger.info(
                "incident",
                metadata: [
                    "incident.id": "\(incident.id)", "incident.phase": "\(entry.phase)",
                    "incident.what": "\(entry.what)",
                    "incident.detail": "\(entry.detail)",
                ])
        }
        if let receipt = change.receipt { metrics.stepEnded(receipt.receipt) }
        if let (intent, receipt) = change.apiReceipt { metrics.callEnded(intent.change, receipt) }
        if transition.isReopening { metrics.reopened() }
        if transition.isClosedAgain { metrics.closedAgain() }
        if let withdrawal = transition.withdrawal { metrics.withdrawn(withdrawal) }
        for result in transition.undone { metrics.undone(result) }
        if transition.isEnd, case .closed(let closing) = incident.phase { metrics.ended(incident, closing) }
    }
}
