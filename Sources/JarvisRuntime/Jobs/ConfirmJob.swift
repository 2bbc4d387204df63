// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import JarvisEngine

/// Tells a host that a proven change stays, so that its guard does not take it back.
///
/// Unlike a step it may be asked for again: a guard that has heard it answers the same.
struct ConfirmJob {
    /// Seconds for the guard's answer.
    private static let deadline = 10

    let context: JobContext

    func run(_ id: IncidentID, _ claim: JobClaim) async throws {
        guard let incident = try await context.store.incident(id), case .confirming = incident.phase,
            let attempt = incident.attempts.last, let revert = attempt.intent.revert
        else { throw EventRefusal.stale }
        let receipt: Receipt
        if let host = context.rules.inventory.hosts[attempt.intent.action.target.host] {
            receipt = await context.runner.confirm(
                on: host,
                RunContext(fencingToken: claim.token, deadlineSeconds: Self.deadline, intent: revert.id))
        } else {
            receipt = Receipt(ending: .notStarted(reason: "its host is no longer in the inventory"))
        }
        // A look that was cut off by the shutdown is asked again; an answer that came counts.
        if case .exited = receipt.ending {} else { try Task.checkCancellation() }
        if case .exited(0) = receipt.ending { context.metrics.revertEnded("confirmed") }
        if case .exited(let status) = receipt.ending, status != 0 { context.metrics.revertEnded("too_late") }
        try await context.ledger.apply(.confirmed(revert.id, receipt), to: id) { $0.completing = claim }
    }
}
