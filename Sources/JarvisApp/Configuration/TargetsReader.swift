// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore
import JarvisEngine

/// Reads the containers, units, compose services and services of one host, and the actions on the host itself.
struct TargetsReader {
    let section: SectionReader
    let host: HostName?
    let isLocal: Bool

    func read(_ claims: inout Claims) -> [DeclaredTarget] {
        var targets: [DeclaredTarget] = []
        targets += list("containers", .container, ValueForm<ContainerName>.operand, &claims)
        targets += list("units", .unit, ValueForm<UnitName>.operand, &claims)
        targets += ComposeReader(section: section, host: host).read(&claims)
        targets += hostActions()
        if isLocal {
            targets += services(&claims)
        } else {
            section.refuse(["services"], because: "only the machine Jarvis runs on can have services")
        }
        return targets
    }

    /// Items are a name alone, or a mapping with `name` and `probes`.
    private func list<Name: Operand>(
        _ key: String, _ kind: Target.Kind, _ form: ValueForm<Name>, _ claims: inout Claims
    ) -> [DeclaredTarget] {
        section.items(key).compactMap { (node, path) -> DeclaredTarget? in
            guard case .mapping = node.content else {
                guard let name = section.read(node, form, path: path) else { return nil }
                claim(kind, name.text, node.origin, path, &claims)
                return DeclaredTarget(kind: kind, name: name.text)
            }
            guard let item = SectionReader(node, path: path, collector: section.collector) else { return nil }
            let name = item.required("name", form)
            let probes = ProbeReader.read(item)
            item.finish()
            guard let name else { return nil }
            claim(kind, name.text, item.node("name")?.origin ?? node.origin, item.path(of: "name"), &claims)
            return DeclaredTarget(kind: kind, name: name.text, probes: probes)
        }
    }

    /// One target, the host itself, with what may be done to it; none where nothing is listed.
    private func hostActions() -> [DeclaredTarget] {
        var actions: [HostAction] = []
        for (node, path) in section.items("actions") {
            guard let (specification, parameters) = ActionReader.read(node, path: path, in: section, isComplete: true)
            else { continue }
            guard specification.targetKind == .host else {
                section.collector.fault(
                    "\(specification.name.rawValue) acts on a \(specification.targetKind.rawValue), not on the host",
                    at: node.origin, path: path)
                continue
            }
            let action = HostAction(specification.name, parameters)
            if actions.contains(action) {
                section.collector.fault(
                    "\(specification.name.rawValue) is there twice", at: node.origin, path: path)
                continue
            }
            actions.append(action)
        }
        guard let host, !actions.isEmpty else { return [] }
        return [DeclaredTarget(kind: .host, name: host.text, actions: actions)]
    }

    private func services(_ claims: inout Claims) -> [DeclaredTarget] {
        section.items("services").compactMap { (node, path) -> DeclaredTarget? in
            guard let item = SectionReader(node, path: path, collector: section.collector) else { return nil }
            let name = item.required("name", ValueForm<ServiceName>.operand)
            let argv = item.values("argv", .line)
            if item.node("argv").map({ $0.content == .sequence([]) }) ?? true {
                item.fault("missing: the program and its arguments as a list", key: "argv")
            }
            let probes = ProbeReader.read(item)
            item.finish()
            guard let name else { return nil }
            claim(.service, name.text, item.node("name")?.origin ?? node.origin, item.path(of: "name"), &claims)
            guard let service = DeclaredService(name: name, argv: argv) else {
                if !argv.isEmpty { item.fault("must begin with the program's absolute path", key: "argv") }
                return nil
            }
            return DeclaredTarget(kind: .service, name: name.text, probes: probes, service: service)
        }
    }

    private func claim(
        _ kind: Target.Kind, _ name: String, _ origin: YAMLNode.Origin, _ path: String, _ claims: inout Claims
    ) {
        guard let host else { return }
        claims.target(Target(host: host, kind: kind, name: name), at: origin, path: path)
    }
}

/// Reads the probes of one target.
enum ProbeReader {
    static func read(_ target: SectionReader) -> [ServiceProbe] {
        target.items("probes").compactMap { (node, path) -> ServiceProbe? in
            guard let section = SectionReader(node, path: path, collector: target.collector) else { return nil }
            defer { section.finish() }
            switch (section.node("http") != nil, section.node("tcp") != nil) {
            case (true, false): return http(section)
            case (false, true):
                section.refuse(["status", "contains", "echoes_nonce"], because: "has a meaning for http only")
                return section.value("tcp", .tcpProbe)
            default:
                section.refuse(["status", "contains", "echoes_nonce"], because: "has a meaning for http only")
                target.collector.fault("give exactly one of 'http' and 'tcp'", at: section.origin, path: path)
                return nil
            }
        }
    }

    private static func http(_ section: SectionReader) -> ServiceProbe? {
        let url = section.value("http", .fullURL)
        let status = section.value("status", .whole(100...599)) ?? 200
        let contains = section.value("contains", .line)
        let echoesNonce = section.value("echoes_nonce", .boolean) ?? false
        return url.map { .http(url: $0, status: status, contains: contains, echoesNonce: echoesNonce) }
    }
}
