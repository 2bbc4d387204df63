// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// The state of a target as it was right before a step changed it.
package struct Snapshot: Sendable, Codable, Equatable {
    /// The step's intent.
    package let intent: IntentID
    /// The incident that the step belongs to.
    package let incident: IncidentID
    /// What was captured.
    package let target: Target
    /// When, by Jarvis' clock.
    package let takenAt: Date
    /// What was read.
    package let state: CapturedState

    /// Records what was captured.
    package init(intent: IntentID, incident: IncidentID, target: Target, takenAt: Date, state: CapturedState) {
        self.intent = intent
        self.incident = incident
        self.target = target
        self.takenAt = takenAt
        self.state = state
    }
}

/// What was read of a target at one time.
package struct CapturedState: Sendable, Codable, Equatable {
    /// What is known; a field that could not be read is missing.
    package var fields: [SnapshotField: String]

    /// Holds what was read.
    package init(_ fields: [SnapshotField: String] = [:]) { self.fields = fields }

    /// Those of `wanted` that are not surely the same in `other`, in their order.
    package func differences(from other: CapturedState, in wanted: [SnapshotField]) -> [SnapshotField] {
        wanted.filter { fields[$0] == nil || fields[$0] != other.fields[$0] }
    }
}

/// A snapshot as it is stored: sealed, so that who reads the database reads nothing of a host.
package struct SealedSnapshot: Sendable, Codable, Equatable {
    /// The step's intent.
    package let intent: IntentID
    /// The incident that the step belongs to.
    package let incident: IncidentID
    /// What was captured.
    package let target: Target
    /// When, by Jarvis' clock.
    package let takenAt: Date
    /// The encrypted state; what stands beside it is authenticated with it.
    package let sealed: Data

    /// Wraps what was sealed.
    package init(intent: IntentID, incident: IncidentID, target: Target, takenAt: Date, sealed: Data) {
        self.intent = intent
        self.incident = incident
        self.target = target
        self.takenAt = takenAt
        self.sealed = sealed
    }
}
