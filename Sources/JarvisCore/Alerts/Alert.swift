// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// One alert as a delivery reported it.
package struct Alert: Sendable, Hashable, Codable {
    /// What a source can say about an alert.
    package enum State: String, Sendable, Codable {
        /// The condition holds.
        case firing
        /// The source no longer sees the condition; this means *look again*, not *fixed*.
        case resolved
    }

    /// Its identity over time.
    package let fingerprint: Fingerprint
    /// The labels, external labels included.
    package let labels: LabelSet
    /// Texts of the rule, already expanded by Prometheus: shown, never run.
    package let annotations: [String: UntrustedText]
    /// Firing or resolved.
    package let state: State
    /// When the source saw the condition begin.
    package let startsAt: Date
    /// When the source saw it end; nil while firing.
    package let endsAt: Date?
    /// The link that the source gives; shown only.
    package let generatorURL: UntrustedText?

    /// Builds an alert; the fingerprint is computed from the labels.
    package init(
        labels: LabelSet, annotations: [String: UntrustedText] = [:], state: State, startsAt: Date, endsAt: Date? = nil,
        generatorURL: UntrustedText? = nil
    ) {
        fingerprint = Fingerprint(of: labels)
        self.labels = labels
        self.annotations = annotations
        self.state = state
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.generatorURL = generatorURL
    }

    /// The rule's name for people and metrics, bounded and safe to show.
    package var displayName: String { labels.alertName?.display(limit: 120) ?? "(no alertname)" }
}
