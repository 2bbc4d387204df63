// SPDX-License-Identifier: Apache-2.0

package import JarvisCore
import JarvisEngine

/// Records what a person decided about an incident.
package struct Decisions: Sendable {
    private let ledger: IncidentLedger
    private let store: any IncidentStore
    private let isAlertingKnown: Bool

    /// Decides on this ledger's incidents; without an Alertmanager nothing can be silenced.
    package init(ledger: IncidentLedger, store: any IncidentStore, isAlertingKnown: Bool) {
        self.ledger = ledger
        self.store = store
        self.isAlertingKnown = isAlertingKnown
    }

    /// Records one decision about the plan with this hash; used once, of two at the same time one wins.
    ///
    /// Returns the incident after it. Throws a sentence for a person when there is nothing to decide, the hash is that
    /// of another plan, or the time is over.
    package func decide(
        _ decision: Approval.Decision, on incident: IncidentID, planHash: String, by person: String
    ) async throws -> Incident {
        try await ledger.apply(.decided(decision, planHash: planHash, by: person), to: incident)
    }

    /// Records that a person wants what was done for an incident to be taken back, with the job that does so.
    ///
    /// Returns the incident after it. Throws a sentence for a person when there is nothing that could be put back, or
    /// when another incident is about its target now.
    package func undo(_ incident: IncidentID, by person: String) async throws -> Incident {
        if let target = try await store.incident(incident)?.target,
            let other = try await store.openIncident(about: target), other != incident
        {
            throw EventRefusal.refused(
                "incident \(other) is about \(target) now; once it has ended, this can be undone")
        }
        return try await ledger.apply(.undoWanted(by: person), to: incident)
    }

    /// Records that a person wants alerts of an incident silenced, or that to end, with the job that asks for it.
    ///
    /// Returns the incident after it. Throws a sentence for a person when that can't be wanted.
    package func silence(_ wish: SilenceWish, on incident: IncidentID) async throws -> Incident {
        if case .silence = wish, !isAlertingKnown {
            throw EventRefusal.refused("no Alertmanager is configured: set alertmanager.url")
        }
        return try await ledger.apply(.silenceWanted(wish), to: incident)
    }
}
