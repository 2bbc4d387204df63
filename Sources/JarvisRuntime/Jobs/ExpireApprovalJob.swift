// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import JarvisEngine

/// Ends the wait for a decision.
struct ExpireApprovalJob {
    let context: JobContext

    func run(_ id: IncidentID, planHash: String, _ claim: JobClaim) async throws {
        try await context.ledger.apply(.approvalExpired(planHash: planHash), to: id) { $0.completing = claim }
    }
}
