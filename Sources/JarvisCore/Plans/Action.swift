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
        /// A command that no other name stands for; its text is in the plan's step.
        case command

        /// The names of typed actions, which stand for themselves.
        package static let allCases: [Name] = [
            .containerStart, .containerRestart, .unitStart, .unitRestart, .serviceStart, .serviceRestart,
        ]

        /// The kind of target it acts on; nil: any.
        package var targetKind: Target.Kind? {
            switch self {
            case .containerStart, .containerRestart: .container
            case .unitStart, .unitRestart: .unit
            case .serviceStart, .serviceRestart: .service
            case .command: nil
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
