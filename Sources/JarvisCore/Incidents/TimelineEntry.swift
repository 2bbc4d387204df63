// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// One line of an incident's append-only history.
package struct TimelineEntry: Sendable, Codable, Equatable {
    /// When it happened.
    package let at: Date
    /// The phase after it.
    package let phase: String
    /// What happened, in a few constant words.
    package let what: String
    /// The facts, safe to show.
    package let detail: String
    /// The observations it rests on.
    package let evidence: [Signal]

    /// Records an entry.
    package init(at: Date, phase: String, what: String, detail: String = "", evidence: [Signal] = []) {
        self.at = at
        self.phase = phase
        self.what = what
        self.detail = detail
        self.evidence = evidence
    }
}

/// An entry with its place in the history.
package struct NumberedTimelineEntry: Sendable, Codable, Equatable {
    /// Its place among all entries of the store; grows, with gaps.
    package let sequence: Int64
    /// The incident it belongs to.
    package let incident: IncidentID
    /// The entry.
    package let entry: TimelineEntry

    /// Numbers an entry.
    package init(sequence: Int64, incident: IncidentID, entry: TimelineEntry) {
        self.sequence = sequence
        self.incident = incident
        self.entry = entry
    }
}
