// SPDX-License-Identifier: Apache-2.0

import JarvisCore

/// Reads passwords and tokens: `{file: path}`, `{env: NAME}` or, noted, the text itself.
///
/// No fault or note ever holds the value.
struct SecretReader {
    private static let limit = 65536

    let context: ReadingContext

    func read(_ section: SectionReader, _ key: String) -> Secret? {
        guard let node = section.node(key) else { return nil }
        let path = section.path(of: key)
        switch node.content {
        case .text(let text): return direct(text, node, path)
        case .mapping:
            guard let source = SectionReader(node, path: path, collector: context.collector) else { return nil }
            return indirect(source)
        default:
            context.collector.fault(
                "expected {file: path}, {env: NAME} or quoted text, found \(node.foundKind)", at: node.origin,
                path: path)
            return nil
        }
    }

    private func direct(_ text: String, _ node: YAMLNode, _ path: String) -> Secret? {
        if case .file = node.origin {
            context.collector.note(
                "a secret written in the configuration; {file: path} or {env: NAME} keep it out", at: node.origin,
                path: path)
        }
        return checked(text, node, path)
    }

    private func indirect(_ source: SectionReader) -> Secret? {
        let file = source.node("file")
        let variable = source.node("env")
        source.finish()
        switch (file, variable) {
        case (let node?, nil): return fromFile(node, source)
        case (nil, let node?): return fromEnvironment(node, source)
        default:
            context.collector.fault(
                "give exactly one of 'file' and 'env'", at: source.origin, path: source.path)
            return nil
        }
    }

    private func fromFile(_ node: YAMLNode, _ source: SectionReader) -> Secret? {
        let path = source.path(of: "file")
        guard let name = source.read(node, context.path, path: path) else { return nil }
        do {
            let file = try context.readFile(name, Self.limit)
            if file.isReadableByOthers {
                let mode = String(file.permissions & 0o777, radix: 8)
                context.collector.note(
                    "others than the owner may read \(shown(name)) (mode \(mode))", at: node.origin, path: path)
            }
            guard let text = String(validating: file.bytes, as: UTF8.self) else {
                context.collector.fault("\(shown(name)) does not hold UTF-8 text", at: node.origin, path: path)
                return nil
            }
            return checked(withoutLineEnd(text), node, path)
        } catch {
            context.collector.fault("\(shown(name)): \(error.message)", at: node.origin, path: path)
            return nil
        }
    }

    private func fromEnvironment(_ node: YAMLNode, _ source: SectionReader) -> Secret? {
        let path = source.path(of: "env")
        guard let name = source.read(node, .line, path: path) else { return nil }
        guard let text = context.environment[name] else {
            context.collector.fault("the variable \(shown(name)) is not set", at: node.origin, path: path)
            return nil
        }
        return checked(text, node, path)
    }

    private func checked(_ text: String, _ node: YAMLNode, _ path: String) -> Secret? {
        let isOneLine = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        guard !text.isEmpty, isOneLine else {
            let reason = text.isEmpty ? "the secret is empty" : "the secret must be one line without control characters"
            context.collector.fault(reason, at: node.origin, path: path)
            return nil
        }
        return Secret(text)
    }

    /// Editors and `echo` end a file with a line end that is not part of the secret.
    private func withoutLineEnd(_ text: String) -> String {
        if text.hasSuffix("\r\n") || text.hasSuffix("\n") { return String(text.dropLast()) }
        return text
    }

    private func shown(_ name: String) -> String { UntrustedText(name).display(limit: 200) }
}
