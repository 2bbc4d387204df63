// SPDX-License-Identifier: Apache-2.0

/// A typed thing Jarvis can do to a target.
package struct Action: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The catalogue's names.
    package enum Name: String, Sendable, Codable, CaseIterable {
        /// `docker start`.
        case containerStart = "container.start"
        /// `docker restart`.
        case containerRestart = "container.restart"
        /// `systemctl start`.
        case unitStart = "unit.start"
        /// `systemctl restart`.
        case unitRestart = "unit.restart"
        /// Start a declared service.
        case serviceStart = "service.start"
        /// Restart a declared service.
        case serviceRestart = "service.restart"

        /// The kind of target it acts on.
        package var targetKind: Target.Kind {
            switch self {
            case .containerStart, .containerRestart: .container
            case .unitStart, .unitRestart: .unit
            case .serviceStart, .serviceRestart: .service
            }
        }
    }

    /// What is done.
    package let name: Name
    /// To what.
    package let target: Target

    /// Pairs an action with its target.
    package init(_ name: Name, on target: Target) {
        self.name = name
        self.target = target
    }

    /// For people: `container.restart web on nexus`.
    package var description: String {
        "\(name.rawValue) \(UntrustedText(target.name).display(limit: 128)) on \(target.host)"
    }
}
