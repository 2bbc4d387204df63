// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore
import JarvisEngine
import JarvisTestSupport

/// A host with one target of every kind, on which every action of the catalogue may be done.
enum CatalogueLab {
    static let host = HostName.local
    static let hostTarget = Target(host: host, kind: .host, name: "local")
    static let app = Target(host: host, kind: .compose, name: "web/app")

    static func compose(
        _ service: String, _ dependencies: [String] = [], project: String = "web", container: String? = nil
    ) -> DeclaredTarget {
        let compose = ComposeService(
            project: project, file: "/opt/stacks/\(project)/compose.yml", service: service, container: container,
            dependencies: dependencies)
        return DeclaredTarget(kind: .compose, name: compose.targetName, compose: compose)
    }

    static let hostActions: [HostAction] =
        ActionCatalogue.specifications.filter { $0.targetKind == .host }.map { specification in
            switch specification.name {
            case .journalVacuum: HostAction(.journalVacuum, [.size: "500M"])
            case .certificateRenew: HostAction(.certificateRenew, [.certificate: "www.example.org"])
            case .interfaceRestart: HostAction(.interfaceRestart, [.interface: "eth1"])
            default: HostAction(specification.name)
            }
        }

    static func inventory(root: Set<Target.Kind> = [], and more: [DeclaredTarget] = []) throws -> Inventory {
        let service = DeclaredService(name: try ServiceName("canary"), argv: ["/bin/canary"])
        return Inventory([
            Host(
                name: host, connection: .local, rootKinds: root, labels: ["instance": ["nexus:9100"]],
                targets: [
                    DeclaredTarget(kind: .container, name: "web"),
                    DeclaredTarget(kind: .unit, name: "web.service"),
                    DeclaredTarget(kind: .service, name: "canary", service: service),
                    // Declared before what it depends on.
                    compose("app", ["proxy", "cache"]), compose("proxy"), compose("cache", ["proxy"]),
                    compose("worker", ["app"]),
                    DeclaredTarget(kind: .host, name: "local", actions: hostActions),
                ] + more)
        ])
    }

    /// The action on this lab's target of its kind, with the parameters that the host allows.
    static func action(_ name: Action.Name) throws -> Action {
        guard let specification = ActionCatalogue.specification(of: name) else { throw Missing() }
        return switch specification.targetKind {
        case .container: Action(name, on: Homelab.web)
        case .unit: Action(name, on: Homelab.unit)
        case .service: Action(name, on: Homelab.canary)
        case .compose: Action(name, on: app)
        case .host: Action(name, on: hostTarget, hostActions.first { $0.name == name }?.parameters ?? [:])
        }
    }

    struct Missing: Error {}
}
