// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore

/// Reads the compose projects of one host: each service of one is a target of its own.
struct ComposeReader {
    let section: SectionReader
    let host: HostName?

    func read(_ claims: inout Claims) -> [DeclaredTarget] {
        section.items("compose").flatMap { (node, path) -> [DeclaredTarget] in
            guard let item = SectionReader(node, path: path, collector: section.collector) else { return [] }
            defer { item.finish() }
            let project = item.required("project", .composeName)
            let file = item.required("file", .composeFile)
            let services = services(of: item, &claims, project: project)
            if services.isEmpty { item.fault("name at least one service", key: "services") }
            check(services, item)
            guard let project, let file else { return [] }
            return services.map { service in
                let compose = ComposeService(
                    project: project, file: file, service: service.name, container: service.container,
                    dependencies: service.dependencies)
                return DeclaredTarget(
                    kind: .compose, name: compose.targetName, probes: service.probes, compose: compose)
            }
        }
    }

    private struct Service {
        let name: String
        var container: String?
        var dependencies: [String] = []
        var probes: [ServiceProbe] = []
        let node: YAMLNode
        let path: String
    }

    /// Items are a name alone, or a mapping with `name`, `depends_on`, `container` and `probes`.
    private func services(of project: SectionReader, _ claims: inout Claims, project name: String?) -> [Service] {
        project.items("services").compactMap { (node, path) -> Service? in
            var service: Service
            if case .mapping = node.content {
                guard let item = SectionReader(node, path: path, collector: section.collector) else { return nil }
                defer { item.finish() }
                let container = item.value("container", ValueForm<ContainerName>.operand)?.text
                let dependencies = item.values("depends_on", .composeName, orOne: true)
                let probes = ProbeReader.read(item)
                guard let serviceName = item.required("name", .composeName) else { return nil }
                service = Service(
                    name: serviceName, container: container, dependencies: dependencies, probes: probes, node: node,
                    path: path)
            } else {
                guard let serviceName = section.read(node, .composeName, path: path) else { return nil }
                service = Service(name: serviceName, node: node, path: path)
            }
            if let host, let name {
                let compose = ComposeService(
                    project: name, file: "", service: service.name, container: service.container)
                let targets = [
                    Target(host: host, kind: .compose, name: compose.targetName),
                    // The same thing as a container of its own would have limits of its own.
                    Target(host: host, kind: .container, name: compose.container),
                ]
                for target in targets { claims.target(target, at: node.origin, path: path) }
            }
            return service
        }
    }

    /// What a service depends on must be declared, and may not depend on it in turn.
    private func check(_ services: [Service], _ project: SectionReader) {
        let names = Set(services.map(\.name))
        for service in services {
            for name in service.dependencies where !names.contains(name) {
                project.collector.fault(
                    "'\(name)' is not among the project's services", at: service.node.origin, path: service.path,
                    suggestion: Suggestion.nearest(to: name, among: names))
            }
        }
        var waiting = services
        while let done = waiting.firstIndex(where: { service in
            service.dependencies.allSatisfy { name in !waiting.contains { $0.name == name } }
        }) {
            waiting.remove(at: done)
        }
        if let first = waiting.first {
            project.collector.fault(
                "'\(first.name)' depends on itself, through others or directly", at: first.node.origin,
                path: first.path)
        }
    }
}

extension ValueForm where Value == String {
    /// The name of a compose project or service.
    fileprivate static let composeName = ValueForm.text("a name") { (text) throws(ValueProblem) in
        guard (try? ContainerName(text)) != nil, text.utf8.count <= 63 else {
            throw .refused("not a compose name: letters, digits, '_', '.' and '-', at most 63")
        }
        return text
    }

    /// A compose file on the host; which folders may hold one, the policy says.
    fileprivate static let composeFile = ValueForm.text("an absolute path") { (text) throws(ValueProblem) in
        guard text.hasPrefix("/"), text.hasSuffix(".yml") || text.hasSuffix(".yaml") else {
            throw .refused("must be the absolute path of a .yml or .yaml file on the host")
        }
        return text
    }
}
