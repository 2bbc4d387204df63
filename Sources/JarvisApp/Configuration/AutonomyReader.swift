// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore

/// Reads `autonomy` and checks that its rules speak of things that exist.
struct AutonomyReader {
    let inventory: LocatedInventory

    func read(_ root: SectionReader) -> (AutonomyPolicy, [PatternReference]) {
        guard let section = root.section("autonomy") else { return (AutonomyPolicy(), []) }
        let fallback = section.value("default", ValueForm<Autonomy>.word) ?? .approve
        var references: [PatternReference] = []
        let rules = section.items("rules").compactMap { (node, path) -> AutonomyPolicy.Rule? in
            guard let item = SectionReader(node, path: path, collector: section.collector) else { return nil }
            return rule(item, &references)
        }
        section.finish()
        return (AutonomyPolicy(rules: rules, fallback: fallback), references)
    }

    private func rule(_ item: SectionReader, _ references: inout [PatternReference]) -> AutonomyPolicy.Rule? {
        let level = item.required("level", ValueForm<Autonomy>.word)
        let maximumClass = item.value("class", ValueForm<CommandClass>.word) ?? .bounded
        let host = item.value("host", .hostName)
        let pattern = item.value("pattern", .line)
        let target = item.node("target").flatMap { self.target($0, item, ruleHost: host) }
        item.finish()
        if maximumClass == .forbidden { item.fault("what is forbidden never runs", key: "class") }
        if level == .auto, maximumClass == .highRisk {
            item.fault("high risk always needs a person; 'auto' reaches up to 'disruptive'", key: "class")
        }
        if let host { check(host, item, "host") }
        if let pattern, let node = item.node("pattern") {
            references.append(
                PatternReference(
                    id: UntrustedText(pattern).display(limit: 80), place: item.collector.place(node.origin),
                    keyPath: item.path(of: "pattern")))
        }
        return level.map {
            AutonomyPolicy.Rule(level: $0, maximumClass: maximumClass, host: host, pattern: pattern, target: target)
        }
    }

    private func check(_ host: HostName, _ section: SectionReader, _ key: String) {
        guard !inventory.hostNames.contains(host.text) else { return }
        let near = Suggestion.nearest(to: host.text, among: inventory.hostNames)
        section.fault("there is no host '\(host)'", key: key, suggestion: near)
    }

    /// `container web on nexus`, or `{kind: container, name: web}` with the host of the target or of the rule.
    private func target(_ node: YAMLNode, _ item: SectionReader, ruleHost: HostName?) -> Target? {
        let path = item.path(of: "target")
        let target: Target?
        if case .mapping = node.content {
            guard let section = SectionReader(node, path: path, collector: item.collector) else { return nil }
            target = mapped(section, ruleHost: ruleHost)
        } else {
            target = item.read(node, .target, path: path)
        }
        guard let target else { return nil }
        if let ruleHost, ruleHost != target.host {
            item.fault("is on \(target.host), but the rule is for \(ruleHost)", key: "target")
        }
        checkDeclared(target, item)
        return target
    }

    private func mapped(_ section: SectionReader, ruleHost: HostName?) -> Target? {
        let kind = section.required("kind", ValueForm<Target.Kind>.word)
        let name = section.value("name", .line)
        let host = section.value("host", .hostName) ?? ruleHost
        section.finish()
        guard let kind else { return nil }
        guard let host else {
            section.fault("name the host of the target", key: "host")
            return nil
        }
        guard let name = kind == .host ? host.text : name else {
            section.fault("name the \(kind.rawValue)", key: "name")
            return nil
        }
        return Target(host: host, kind: kind, name: name)
    }

    private func checkDeclared(_ target: Target, _ item: SectionReader) {
        guard let host = inventory.inventory.hosts[target.host] else {
            if !inventory.hostNames.contains(target.host.text) { check(target.host, item, "target") }
            return
        }
        guard target.kind != .host, inventory.inventory.declaration(of: target) == nil else { return }
        let names = host.targets.filter { $0.kind == target.kind }
            .map { Target(host: host.name, kind: $0.kind, name: $0.name).description }
        item.fault(
            "\(target) is not declared under 'hosts'", key: "target",
            suggestion: Suggestion.nearest(to: target.description, among: names))
    }
}

extension ValueForm where Value == Target {
    /// A target as it is shown: `container web on nexus` or `host nexus`.
    fileprivate static let target = ValueForm.text("a target such as 'container web on nexus'") {
        (text) throws(ValueProblem) in
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        if words.count == 2, words[0] == "host", let host = HostName(words[1]) {
            return Target(host: host, kind: .host, name: host.text)
        }
        guard words.count == 4, words[2] == "on", let kind = Target.Kind(rawValue: words[0]), kind != .host,
            let host = HostName(words[3])
        else { throw .mismatch }
        return Target(host: host, kind: kind, name: words[1])
    }
}
