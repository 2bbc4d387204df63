// SPDX-License-Identifier: Apache-2.0

/// How an incident ended.
package enum Outcome: String, Sendable, Codable, CaseIterable {
    /// Repaired by Jarvis, and verified.
    case fixed
    /// Recovered before the first change, with positive evidence; credits nobody.
    case selfResolved
    /// The alert is gone but it is not proven why.
    case recoveredUnproven
    /// Handed to a person with the evidence.
    case escalated
    /// Held because something else explains it or somebody asked for quiet.
    case suppressed
    /// A change was undone.
    case undone
    /// A person took it over.
    case handedOver
}
