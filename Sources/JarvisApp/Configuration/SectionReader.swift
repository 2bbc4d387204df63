// SPDX-License-Identifier: Apache-2.0

import JarvisCore

/// Reads one mapping key by key and reports what is left over.
///
/// Every value asked for is a known key; `finish` reports the others. A value that can't be used is reported and
/// read as nil, so that reading goes on.
final class SectionReader {
    /// `hosts[0]`; empty for the whole document.
    let path: String
    /// Where the mapping begins.
    let origin: YAMLNode.Origin
    let collector: FaultCollector
    private let entries: [YAMLEntry]
    private var known: Set<String> = []

    /// Nil, with a fault, when the value is no mapping; nothing at all counts as an empty one.
    init?(_ node: YAMLNode, path: String, collector: FaultCollector) {
        switch node.content {
        case .mapping(let entries): self.entries = entries
        case .null: entries = []
        default:
            collector.fault("expected a mapping, found \(node.foundKind)", at: node.origin, path: path)
            return nil
        }
        self.path = path
        origin = node.origin
        self.collector = collector
    }

    /// The path of a key in this mapping.
    func path(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// The node of a key; nil when it is absent or `null`.
    func node(_ key: String) -> YAMLNode? {
        known.insert(key)
        collector.knows(path(of: key))
        guard let node = entries.first(where: { $0.key == key })?.value, node.content != .null else { return nil }
        return node
    }

    /// A value that may be absent.
    func value<Value>(_ key: String, _ form: ValueForm<Value>) -> Value? {
        node(key).flatMap { read($0, form, path: path(of: key)) }
    }

    /// A value that must be there.
    func required<Value>(_ key: String, _ form: ValueForm<Value>) -> Value? {
        guard let node = node(key) else {
            collector.fault("missing key '\(key)': \(form.expected)", at: origin, path: path)
            return nil
        }
        return read(node, form, path: path(of: key))
    }

    /// The mapping under a key; nil when it is absent.
    func section(_ key: String) -> SectionReader? {
        node(key).flatMap { SectionReader($0, path: path(of: key), collector: collector) }
    }

    /// The items of a list with their paths; empty when it is absent.
    func items(_ key: String) -> [(node: YAMLNode, path: String)] {
        guard let node = node(key) else { return [] }
        guard case .sequence(let items) = node.content else {
            collector.fault("expected a list, found \(node.foundKind)", at: node.origin, path: path(of: key))
            return []
        }
        return items.enumerated().map { ($0.element, "\(path(of: key))[\($0.offset)]") }
    }

    /// A list of values, or one value alone where `orOne` allows it; what can't be used is left out.
    func values<Value>(_ key: String, _ form: ValueForm<Value>, orOne: Bool = false) -> [Value] {
        if orOne, let node = node(key), node.text != nil { return value(key, form).map { [$0] } ?? [] }
        return items(key).compactMap { read($0.node, form, path: $0.path) }
    }

    /// All keys of a mapping whose names are the operator's, with their nodes.
    func openEntries() -> [YAMLEntry] {
        known.formUnion(entries.map(\.key))
        return entries
    }

    /// Reads one node in a form; nil, with a fault, when it does not fit.
    func read<Value>(_ node: YAMLNode, _ form: ValueForm<Value>, path: String) -> Value? {
        do {
            return try form.read(node)
        } catch {
            switch error {
            case .mismatch:
                collector.fault("expected \(form.expected), found \(node.found)", at: node.origin, path: path)
            case .mismatchMeaning(let meant):
                collector.fault(
                    "expected \(form.expected), found \(node.found)", at: node.origin, path: path, suggestion: meant)
            case .refused(let reason):
                collector.fault(reason, at: node.origin, path: path)
            }
            return nil
        }
    }

    /// Reports a fault about one key of this mapping, at its value, or at the mapping when the key is absent.
    func fault(_ message: String, key: String, suggestion: String? = nil) {
        collector.fault(message, at: node(key)?.origin ?? origin, path: path(of: key), suggestion: suggestion)
    }

    /// Reports the keys that nothing asked for.
    func finish() {
        for entry in entries where !known.contains(entry.key) {
            let name = UntrustedText(entry.key).display(limit: 60)
            let place = path.isEmpty ? "" : " in \(path)"
            let near = Suggestion.nearest(to: entry.key, among: known)
            collector.fault("unknown key '\(name)'\(place)", at: entry.origin, suggestion: near)
        }
    }

    /// Reports keys that are known elsewhere but mean nothing here.
    func refuse(_ keys: [String], because reason: String) {
        for key in keys {
            guard let node = node(key) else { continue }
            collector.fault(reason, at: node.origin, path: path(of: key))
        }
    }
}
