// SPDX-License-Identifier: Apache-2.0

import FaultPoints
import JarvisCore
import JarvisEngine

/// Takes one round of observations while an incident is verified.
struct ObserveJob {
    let context: JobContext

    func run(_ id: IncidentID, round: Int, _ claim: JobClaim) async throws {
        guard let incident = try await context.store.incident(id), case .verifying(let verification) = incident.phase,
            verification.round == round
        else { throw EventRefusal.stale }
        FaultPoint.passes("observe.look.before")
        let observation = await context.observer.observe(
            incident, since: verification.purpose == .repair ? verification.since : nil,
            fencingToken: claim.token)
        FaultPoint.passes("observe.look.after")
        // A look that was cut off by the shutdown saw nothing.
        try Task.checkCancellation()
        try await context.ledger.apply(.observed(observation, round: round), to: id) { $0.completing = claim }
    }
}
