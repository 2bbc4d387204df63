// SPDX-License-Identifier: Apache-2.0

import FaultPoints
import FoundationEssentials
import JarvisCore
import JarvisEngine

/// Looks at everything and lets the engine find a plan.
struct DiagnoseJob {
    let context: JobContext

    func run(_ id: IncidentID, _ claim: JobClaim) async throws {
        guard let incident = try await context.store.incident(id), incident.phase == .diagnosing else {
            throw EventRefusal.stale
        }
        FaultPoint.passes("diagnose.look.before")
        let observation = await context.observer.observe(incident, since: nil, fencingToken: claim.token)
        FaultPoint.passes("diagnose.look.after")
        // A look that was cut off by the shutdown saw nothing.
        try Task.checkCancellation()
        let record = try await trackRecord(of: incident)
        if FaultPoint.fails("diagnose.record.after") { throw StoreError.unavailable(reason: "injected") }
        let decisions = try await context.autonomy.autonomyRules()
        try await context.ledger.apply(.diagnosed(observation, record, decisions), to: id) { $0.completing = claim }
    }

    private func trackRecord(of incident: Incident) async throws -> TrackRecord {
        guard let target = incident.target, let labels = incident.members.first?.alert.labels else {
            return TrackRecord()
        }
        let pattern = context.rules.patterns.first { $0.matcher.matches(labels) }
        return try await context.restraints.trackRecord(
            pattern: pattern?.id ?? RuleRemediation.pattern, target: target,
            since: context.now().addingTimeInterval(-context.rules.breakers.window))
    }
}
