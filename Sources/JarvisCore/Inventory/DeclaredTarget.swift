// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy

/// A target that the operator listed: only these may be touched.
package struct DeclaredTarget: Sendable, Equatable {
    /// Its kind.
    package let kind: Target.Kind
    /// Its exact name.
    package let name: String
    /// Questions from outside whose answer shows that it serves.
    package let probes: [ServiceProbe]
    /// For kind `service`: how it is started.
    package let service: DeclaredService?
    /// For kind `compose`: where the service is defined.
    package let compose: ComposeService?
    /// For kind `host`: what may be done to the host as a whole, and nothing else.
    package let actions: [HostAction]

    /// Declares a target.
    package init(
        kind: Target.Kind, name: String, probes: [ServiceProbe] = [], service: DeclaredService? = nil,
        compose: ComposeService? = nil, actions: [HostAction] = []
    ) {
        self.kind = kind
        self.name = name
        self.probes = probes
        self.service = service
        self.compose = compose
        self.actions = actions
    }

    /// The name of the container whose state shows how the target is; nil where no container does.
    package var container: String? { kind == .container ? name : compose?.container }
}

/// An action on a host as a whole that the operator allows, with exactly these parameters.
package struct HostAction: Sendable, Equatable {
    /// What may be done.
    package let name: Action.Name
    /// How.
    package let parameters: Action.Parameters

    /// Declares it.
    package init(_ name: Action.Name, _ parameters: Action.Parameters = [:]) {
        self.name = name
        self.parameters = parameters
    }
}

/// One service of a compose project that the operator declared.
package struct ComposeService: Sendable, Equatable {
    /// The project's name.
    package let project: String
    /// The absolute path of the project's compose file on the host.
    package let file: String
    /// The service's name in that file.
    package let service: String
    /// The container that compose makes of it: the one whose state shows how the service is.
    package let container: String
    /// The declared services of the project that it depends on directly.
    package let dependencies: [String]

    /// Declares a service; without a container's name the one that compose gives the first.
    package init(
        project: String, file: String, service: String, container: String? = nil, dependencies: [String] = []
    ) {
        self.project = project
        self.file = file
        self.service = service
        self.container = container ?? "\(project)-\(service)-1"
        self.dependencies = dependencies
    }

    /// The name of the target that it is: `PROJECT/SERVICE`.
    package var targetName: String { "\(project)/\(service)" }
}
