// SPDX-License-Identifier: Apache-2.0

import JarvisCore

/// One YAML document as a tree with a place on every value.
///
/// A subset on purpose: a text means what it shows. Anchors, aliases, tags, merge keys, duplicate keys and second
/// documents are refused, and so no document can grow larger than its file.
package struct YAMLDocument: Sendable, Equatable {
    /// What a text may cost.
    package struct Limits: Sendable {
        /// Longest text in bytes.
        package let bytes: Int
        /// Deepest nesting of lists and mappings.
        package let depth: Int

        /// Sets limits; a configuration is far below both.
        package init(bytes: Int = 1_048_576, depth: Int = 64) {
            self.bytes = bytes
            self.depth = depth
        }
    }

    /// The document's value; `null` when the text holds none.
    package let root: YAMLNode

    /// Reads a text; throws at the first thing that is not allowed.
    package init(_ bytes: [UInt8], limits: Limits = Limits()) throws(YAMLError) {
        let start = YAMLMark(line: 1, column: 1)
        guard bytes.count <= limits.bytes else { throw YAMLError(reason: .tooLarge(limit: limits.bytes), mark: start) }
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = bytes.starts(with: byteOrderMark) ? bytes[3...] : bytes[...]
        try TextCheck.check(text)
        var builder = TreeBuilder(events: YAMLEventStream(text), depthLimit: limits.depth)
        root = try builder.document() ?? YAMLNode(.null, at: .file(start))
    }
}

/// Turns events into a tree; recursion is bounded by the depth limit.
private struct TreeBuilder: ~Copyable {
    var events: YAMLEventStream
    let depthLimit: Int

    init(events: consuming YAMLEventStream, depthLimit: Int) {
        self.events = events
        self.depthLimit = depthLimit
    }

    mutating func document() throws(YAMLError) -> YAMLNode? {
        _ = try events.next()
        guard try events.next().kind == .documentStart else { return nil }
        let root = try node(try events.next(), depth: 0)
        _ = try events.next()
        let after = try events.next()
        guard after.kind == .streamEnd else { throw YAMLError(reason: .secondDocument, mark: after.mark) }
        return root
    }

    private mutating func node(_ event: YAMLEvent, depth: Int) throws(YAMLError) -> YAMLNode {
        try refuseExtras(event)
        let origin = YAMLNode.Origin.file(event.mark)
        if case .scalar(let text, let isPlain) = event.kind {
            return YAMLNode(isPlain ? .init(plainScalar: text) : .text(text), at: origin)
        }
        guard depth < depthLimit else { throw YAMLError(reason: .tooDeep(limit: depthLimit), mark: event.mark) }
        switch event.kind {
        case .sequenceStart: return YAMLNode(.sequence(try items(depth: depth + 1)), at: origin)
        case .mappingStart: return YAMLNode(.mapping(try entries(depth: depth + 1)), at: origin)
        default: throw YAMLError(reason: .syntax("a value was expected here"), mark: event.mark)
        }
    }

    private mutating func items(depth: Int) throws(YAMLError) -> [YAMLNode] {
        var items: [YAMLNode] = []
        while true {
            let event = try events.next()
            if event.kind == .sequenceEnd { return items }
            items.append(try node(event, depth: depth))
        }
    }

    private mutating func entries(depth: Int) throws(YAMLError) -> [YAMLEntry] {
        var entries: [YAMLEntry] = []
        var lines: [String: Int] = [:]
        while true {
            let event = try events.next()
            if event.kind == .mappingEnd { return entries }
            try refuseExtras(event)
            guard case .scalar(let key, let isPlain) = event.kind else {
                throw YAMLError(reason: .keyIsNotText, mark: event.mark)
            }
            if isPlain, key == "<<" { throw YAMLError(reason: .unsupported("merge keys (<<)"), mark: event.mark) }
            if let first = lines.updateValue(event.mark.line, forKey: key) {
                let shown = UntrustedText(key).display(limit: 60)
                throw YAMLError(reason: .duplicateKey(shown, firstLine: first), mark: event.mark)
            }
            let value = try node(try events.next(), depth: depth)
            entries.append(YAMLEntry(key: key, at: .file(event.mark), value: value))
        }
    }

    private func refuseExtras(_ event: YAMLEvent) throws(YAMLError) {
        if event.kind == .alias { throw YAMLError(reason: .unsupported("aliases (*name)"), mark: event.mark) }
        if event.hasAnchor { throw YAMLError(reason: .unsupported("anchors (&name)"), mark: event.mark) }
        if event.hasTag { throw YAMLError(reason: .unsupported("tags (!name)"), mark: event.mark) }
    }
}
