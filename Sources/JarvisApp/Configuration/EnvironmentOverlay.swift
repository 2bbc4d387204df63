// SPDX-License-Identifier: Apache-2.0

/// Lays variables of the environment over the tree of a file, so that both are checked by the same code.
struct EnvironmentOverlay {
    let environment: [String: String]

    /// The tree with every set variable in place; an empty variable counts as not set.
    ///
    /// `JARVIS_…` goes before a common name such as `PROMETHEUS_URL`, and both go before the file.
    func applied(to root: YAMLNode, collector: FaultCollector) -> YAMLNode {
        reportUnknown(collector)
        return ConfigurationKey.all.reduce(root) { tree, key in
            guard let node = node(for: key) else { return tree }
            return tree.setting(key.path.split(separator: ".")[...], to: node)
        }
    }

    private func node(for key: ConfigurationKey) -> YAMLNode? {
        if let node = text(key.variable) { return node }
        if key.isSecret, let file = text(key.variable + "_FILE") {
            return YAMLNode(.mapping([YAMLEntry(key: "file", at: file.origin, value: file)]), at: file.origin)
        }
        return key.commonName.flatMap(text)
    }

    private func text(_ variable: String) -> YAMLNode? {
        guard let value = environment[variable], !value.isEmpty else { return nil }
        return YAMLNode(.text(value), at: .environment(variable))
    }

    private func reportUnknown(_ collector: FaultCollector) {
        let secrets = ConfigurationKey.all.filter(\.isSecret).map { $0.variable + "_FILE" }
        let known = Set(ConfigurationKey.all.map(\.variable) + secrets)
        for name in environment.keys {
            if ConfigurationKey.withoutEffect.contains(name) {
                collector.note("has no effect in this version", at: .environment(name))
            } else if name.hasPrefix("JARVIS_"), !known.contains(name), !ConfigurationKey.isForeign(name) {
                let near = Suggestion.nearest(to: name, among: known)
                collector.fault("unknown name", at: .environment(name), suggestion: near)
            }
        }
    }
}

extension YAMLNode {
    /// The tree with a value at a path; a path that leads through something else than mappings changes nothing, and
    /// the file's fault there is reported when it is read.
    fileprivate func setting(_ path: ArraySlice<Substring>, to node: YAMLNode) -> YAMLNode {
        guard let key = path.first.map(String.init) else { return node }
        var entries: [YAMLEntry]
        switch content {
        case .mapping(let existing): entries = existing
        case .null: entries = []
        default: return self
        }
        let old = entries.first { $0.key == key }
        let child = (old?.value ?? YAMLNode(.null, at: node.origin)).setting(path.dropFirst(), to: node)
        let entry = YAMLEntry(key: key, at: old?.origin ?? node.origin, value: child)
        if let index = entries.firstIndex(where: { $0.key == key }) {
            entries[index] = entry
        } else {
            entries.append(entry)
        }
        return YAMLNode(.mapping(entries), at: origin)
    }
}
