// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import JarvisEngine

/// Looks at everything and lets the engine find a plan.
struct DiagnoseJob {
    let context: JobContext

    func run(_ id: IncidentID, _ claim: JobClaim) async throws {
        guard let incident = try await context.store.incident(id), incident.phase == .diagnosing else {
            throw EventRefusal.stale
        }
        let observation = await context.observer.observe(incident, since: nil, fencingToken: claim.token)
        // A look that was cut off by the shutdown saw nothing.
        try Task.checkCancellation()
        try await context.ledger.apply(.diagnosed(observation), to: id) { $0.completing = claim }
    }
}
