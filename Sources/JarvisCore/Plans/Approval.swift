// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// A question to a person about one exact plan.
///
/// It is used once: the incident leaves the phase that waits for it with the decision.
package struct Approval: Sendable, Codable, Equatable {
    /// What may be decided.
    package enum Decision: String, Sendable, Codable {
        /// Run this plan.
        case approved
        /// Do not.
        case denied
    }

    /// SHA-256 of the plan's canonical encoding, 64 hexadecimal digits; a decision must name it.
    package let planHash: String
    /// When it was asked.
    package let requestedAt: Date
    /// When it can no longer be decided.
    package let expiresAt: Date

    /// Asks.
    package init(planHash: String, requestedAt: Date, expiresAt: Date) {
        self.planHash = planHash
        self.requestedAt = requestedAt
        self.expiresAt = expiresAt
    }
}
