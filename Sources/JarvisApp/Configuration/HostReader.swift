// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore

/// Reads one host.
struct HostReader {
    private enum ConnectionKind: String, CaseIterable { case ssh, local }

    private enum SudoKind: String, CaseIterable {
        case containers, units

        var kind: Target.Kind {
            switch self {
            case .containers: .container
            case .units: .unit
            }
        }
    }

    let context: ReadingContext
    let section: SectionReader

    /// Nil, with faults, when the host can't be used.
    func read(_ claims: inout Claims) -> Host? {
        let name = section.required("name", .hostName)
        let isLocal = readIsLocal(name)
        let connection = isLocal ? local() : ssh(name)
        let isGuarded = isLocal ? false : section.value("guarded", .boolean) ?? false
        let guardCap = readGuardCap()
        let allowsUndo = section.value("allow_undo", .boolean) ?? false
        let rootKinds = Set(section.values("sudo", ValueForm<SudoKind>.word, orOne: true).map(\.kind))
        if let name {
            let origin = section.node("name")?.origin ?? section.origin
            claims.host(name, at: origin, path: section.path(of: "name"))
            claims.label("remediation_host", name.text, of: name, at: origin, path: section.path(of: "name"))
            if isLocal { claims.localMachine(name, at: origin, path: section.path(of: "name")) }
            if case .ssh(let endpoint)? = connection {
                claims.endpoint(endpoint, of: name, at: origin, path: section.path(of: "name"))
            }
        }
        let labels = readLabels(name, &claims)
        let targets = TargetsReader(section: section, host: name, isLocal: isLocal).read(&claims)
        section.finish()
        guard let name, let connection else { return nil }
        return Host(
            name: name, connection: connection, rootKinds: rootKinds, labels: labels, targets: targets,
            isGuarded: isGuarded, guardCap: guardCap, allowsUndo: allowsUndo)
    }

    private func readGuardCap() -> CommandClass? {
        let cap = section.value("guard_cap", ValueForm<CommandClass>.word)
        if cap == .forbidden { section.fault("what is forbidden never runs", key: "guard_cap") }
        return cap
    }

    private func readIsLocal(_ name: HostName?) -> Bool {
        let kind = section.value("connection", ValueForm<ConnectionKind>.word)
        if name == .local, kind == .ssh {
            section.fault("the host 'local' is the machine Jarvis runs on", key: "connection", suggestion: "local")
        }
        return kind == .local || name == .local
    }

    private func local() -> Host.Connection {
        section.refuse(
            ["address", "port", "user", "allow_root", "key", "max_sessions", "guarded"],
            because: "has no meaning for the machine Jarvis runs on")
        return .local
    }

    private func ssh(_ name: HostName?) -> Host.Connection? {
        let address = section.node("address") == nil ? name?.text : section.value("address", .networkAddress)
        let user = section.required("user", .loginName)
        let allowsRoot = section.value("allow_root", .boolean) ?? false
        if user == "root", !allowsRoot {
            section.fault(
                "Jarvis needs no root login; give it a user and 'sudo: [units]', or set 'allow_root: true'", key: "user"
            )
        }
        let port = section.value("port", .whole(1...65535)) ?? 22
        let key = section.value("key", context.path)
        let sessions = section.value("max_sessions", .whole(1...10)) ?? 6
        guard let address, let user else { return nil }
        return .ssh(
            SSHEndpoint(address: address, port: port, user: user, identityFile: key, maximumSessions: sessions))
    }

    private func readLabels(_ name: HostName?, _ claims: inout Claims) -> [String: Set<String>] {
        guard let labels = section.section("labels") else { return [:] }
        var result: [String: Set<String>] = [:]
        for entry in labels.openEntries() {
            let path = labels.path(of: entry.key)
            guard LabelName.isValid(entry.key) else {
                context.collector.fault("not a label name", at: entry.origin, path: labels.path)
                continue
            }
            for (node, path) in valueNodes(entry, path: path) {
                guard let value = labels.read(node, .line, path: path) else { continue }
                result[entry.key, default: []].insert(value)
                if let name { claims.label(entry.key, value, of: name, at: node.origin, path: path) }
            }
        }
        return result
    }

    private func valueNodes(_ entry: YAMLEntry, path: String) -> [(YAMLNode, String)] {
        guard case .sequence(let items) = entry.value.content else { return [(entry.value, path)] }
        return items.enumerated().map { ($0.element, "\(path)[\($0.offset)]") }
    }
}

/// Names of labels.
enum LabelName {
    /// `[a-zA-Z_][a-zA-Z0-9_]*`, as Prometheus has them.
    static func isValid(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first), text.utf8.count <= 128 else { return false }
        return text.utf8.allSatisfy {
            switch $0 {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"): true
            default: false
            }
        }
    }
}
