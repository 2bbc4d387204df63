// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// Looks at who is told of alerts, and changes nothing.
package protocol AlertingView: Sendable {
    /// What the service says about itself.
    func status() async throws(AlertingError) -> AlertingStatus

    /// The alerts that have all of these labels, whatever others they have; ended ones are not among them.
    ///
    /// Empty labels mean every alert. Silenced and inhibited ones are there, too.
    func alerts(with labels: LabelSet) async throws(AlertingError) -> [RoutedAlert]
}

/// What an alerting service says about itself.
package struct AlertingStatus: Sendable, Equatable {
    /// Its version, in its own words.
    package let version: UntrustedText
    /// When it was started; nil: it does not say.
    package let startedAt: Date?
    /// How its cluster is, in its own words, such as `ready` or `disabled`.
    package let cluster: UntrustedText
    /// How many members its cluster has, itself included where it counts itself.
    package let peers: Int

    /// Records a status.
    package init(version: UntrustedText, startedAt: Date?, cluster: UntrustedText, peers: Int) {
        self.version = version
        self.startedAt = startedAt
        self.cluster = cluster
        self.peers = peers
    }
}

/// An alert as the alerting service treats it.
package struct RoutedAlert: Sendable, Equatable {
    /// Whether somebody is told of it.
    package enum State: String, Sendable, Codable {
        /// Somebody is.
        case active
        /// A silence or another alert keeps it back.
        case suppressed
        /// Not decided yet.
        case unprocessed
    }

    /// The alert's labels, external ones included.
    package let labels: LabelSet
    /// Whether somebody is told of it.
    package let state: State
    /// The silences that keep it back.
    package let silencedBy: [SilenceID]
    /// The fingerprints of the alerts that keep it back.
    package let inhibitedBy: [UntrustedText]
    /// Who would be told.
    package let receivers: [UntrustedText]

    /// Records an alert.
    package init(
        labels: LabelSet, state: State, silencedBy: [SilenceID], inhibitedBy: [UntrustedText],
        receivers: [UntrustedText]
    ) {
        self.labels = labels
        self.state = state
        self.silencedBy = silencedBy
        self.inhibitedBy = inhibitedBy
        self.receivers = receivers
    }
}
