// SPDX-License-Identifier: Apache-2.0

package import JarvisCore
import JarvisEngine

/// Records what a person decided about a plan.
package struct Decisions: Sendable {
    private let ledger: IncidentLedger

    /// Decides on this ledger's incidents.
    package init(ledger: IncidentLedger) { self.ledger = ledger }

    /// Records one decision about the plan with this hash; used once, of two at the same time one wins.
    ///
    /// Returns the incident after it. Throws a sentence for a person when there is nothing to decide, the hash is that
    /// of another plan, or the time is over.
    package func decide(
        _ decision: Approval.Decision, on incident: IncidentID, planHash: String, by person: String
    ) async throws -> Incident {
        try await ledger.apply(.decided(decision, planHash: planHash, by: person), to: incident)
    }
}
