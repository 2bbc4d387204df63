// SPDX-License-Identifier: Apache-2.0
package import FoundationEssentials

/// One alert as Alertmanager holds it.
package struct AlertmanagerAlert: Sendable, Equatable {
    /// Whether it is being sent out.
    package enum State: String, Sendable, Decodable {
        case unprocessed, active, suppressed
    }

    package let fingerprint: String
    package let labels: [String: String]
    package let annotations: [String: String]
    package let state: State
    /// Identifiers of the silences that hold it back.
    package let silencedBy: [String]
    /// Fingerprints of the alerts that hold it back.
    package let inhibitedBy: [String]
    package let startsAt: Date?
    /// In the future while it fires.
    package let endsAt: Date?
    package let updatedAt: Date?
}

/// What Alertmanager says about itself.
package struct AlertmanagerStatus: Sendable, Equatable {
    package let version: String
    /// `ready`, `settling` or `disabled`.
    package let clusterStatus: String
    package let upSince: Date?
}

enum AlertmanagerWire {
    struct Alert: Decodable {
        struct Status: Decodable {
            let state: AlertmanagerAlert.State
            let silencedBy: [String]
            let inhibitedBy: [String]
        }

        let fingerprint: String
        let labels: [String: String]
        let annotations: [String: String]
        let status: Status
        let startsAt: String
        let endsAt: String
        let updatedAt: String
    }

    struct Status: Decodable {
        struct Version: Decodable { let version: String }
        struct Cluster: Decodable { let status: String }

        let versionInfo: Version
        let cluster: Cluster
        let uptime: String
    }

    struct Refusal: Decodable { let message: String }
}

extension AlertmanagerAlert {
    init(_ wire: AlertmanagerWire.Alert) {
        self.init(
            fingerprint: wire.fingerprint, labels: wire.labels, annotations: wire.annotations, state: wire.status.state,
            silencedBy: wire.status.silencedBy, inhibitedBy: wire.status.inhibitedBy,
            startsAt: InternetTimestamp.parse(wire.startsAt), endsAt: InternetTimestamp.parse(wire.endsAt),
            updatedAt: InternetTimestamp.parse(wire.updatedAt))
    }
}
