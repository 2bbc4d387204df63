// SPDX-License-Identifier: Apache-2.0

package import JarvisCore

extension ActionCatalogue {
    /// Every action that may be done to a declared target: those of its kind, of a host those that it lists.
    package static func actions(on declared: DeclaredTarget, of host: HostName) -> [Action] {
        let target = Target(host: host, kind: declared.kind, name: declared.name)
        guard declared.kind != .host else { return declared.actions.map { Action($0.name, on: target, $0.parameters) } }
        return specifications.filter { $0.targetKind == declared.kind }.map { Action($0.name, on: target) }
    }

    /// The actions of one element of a plan, in their order.
    ///
    /// A parameter that the element leaves out is the one that the host allows, if that is just one. Company is found in the inventory alone.
    static func actions(
        _ name: Action.Name, _ parameters: Action.Parameters, with company: PlanElement.Company, on target: Target,
        in inventory: Inventory
    ) -> [Action] {
        var parameters = parameters
        if parameters.isEmpty, target.kind == .host,
            let allowed = inventory.declaration(of: target)?.actions.filter({ $0.name == name }), allowed.count == 1
        {
            parameters = allowed[0].parameters
        }
        return ComposeOrder.targets(of: target, with: company, in: inventory).map { Action(name, on: $0, parameters) }
    }
}

/// In what order the services of a project are worked on.
enum ComposeOrder {
    /// A target with its company: each service behind those that it depends on, directly or not.
    static func targets(of target: Target, with company: PlanElement.Company, in inventory: Inventory) -> [Target] {
        guard company != .alone, let service = inventory.declaration(of: target)?.compose else { return [target] }
        let project = (inventory.hosts[target.host]?.targets ?? []).compactMap(\.compose).filter {
            $0.project == service.project
        }
        let wanted: Set<String> =
            company == .dependencies
            ? needs(of: service.service, in: project)
            : Set(project.map(\.service).filter { needs(of: $0, in: project).contains(service.service) })
        return order(project).filter { $0.service == service.service || wanted.contains($0.service) }
            .map { Target(host: target.host, kind: .compose, name: $0.targetName) }
    }

    /// All that a service depends on, directly or not.
    private static func needs(of service: String, in project: [ComposeService]) -> Set<String> {
        var found: Set<String> = []
        var waiting = [service]
        while let next = waiting.popLast() {
            for name in project.first(where: { $0.service == next })?.dependencies ?? []
            where found.insert(name).inserted {
                waiting.append(name)
            }
        }
        return found
    }

    /// The declared order, but what others depend on before them; configuration refuses circles.
    private static func order(_ project: [ComposeService]) -> [ComposeService] {
        var placed: [ComposeService] = []
        var waiting = project
        while !waiting.isEmpty {
            let next =
                waiting.firstIndex { service in
                    service.dependencies.allSatisfy { name in !waiting.contains { $0.service == name } }
                } ?? 0
            placed.append(waiting.remove(at: next))
        }
        return placed
    }
}
