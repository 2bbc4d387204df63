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
        async let signs = signs(of: incident.target, claim)
        var observation = await context.observer.observe(incident, since: nil, fencingToken: claim.token)
        observation.signs = await signs
        FaultPoint.passes("diagnose.look.after")
        // A look that was cut off by the shutdown saw nothing.
        try Task.checkCancellation()
        let record = try await trackRecord(of: incident)
        if FaultPoint.fails("diagnose.record.after") { throw StoreError.unavailable(reason: "injected") }
        let decisions = try await context.autonomy.autonomyRules()
        try await context.ledger.apply(.diagnosed(observation, record, decisions), to: id) { $0.completing = claim }
    }

    /// What says that the fault is intended, or that somebody is at it.
    private func signs(of target: Target?, _ claim: JobClaim) async -> [RestraintSign] {
        guard let target, let host = context.rules.inventory.hosts[target.host] else { return [] }
        let questions = RestraintLook.questions(
            about: target, in: context.rules.inventory, under: context.rules.policy)
        let answers = await withTaskGroup(of: (Int, Receipt).self) { group in
            for (index, question) in questions.enumerated() {
                group.addTask {
                    let run = RunContext(fencingToken: claim.token, deadlineSeconds: RestraintLook.deadlineSeconds)
                    return (index, await context.runner.run(question.step, on: host, run))
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        return RestraintLook.signs(
            of: target, in: answers.sorted { $0.key < $1.key }.map { (questions[$0.key], $0.value) })
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
