// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore

/// Reads one pattern and holds it to its own examples.
struct PatternReader {
    let section: SectionReader

    /// Nil, with faults, when the pattern can't be used.
    func read() -> Pattern? {
        let id = section.required("id", .patternID)
        let title = section.required("title", .line)
        let matcher = readMatcher()
        let target = readTarget()
        let response = readResponse(kind: target?.kind)
        let confidence = readConfidence(response)
        let deliberateFrom = readDeliberateFrom()
        let examples = readExamples()
        section.finish()
        guard let id, let title, let matcher, let target, let response, let confidence, let examples else {
            return nil
        }
        let pattern = Pattern(
            id: id, title: title, matcher: matcher, target: target, response: response, confidence: confidence,
            deliberateFrom: deliberateFrom, mustMatch: examples.match.map(\.labels),
            mustNotMatch: examples.noMatch.map(\.labels))
        check(pattern, examples)
        return pattern
    }

    private func readMatcher() -> Pattern.Matcher? {
        guard let match = part("match", "which alerts it knows") else { return nil }
        let names = match.values("alertname", .line, orOne: true)
        if names.isEmpty { match.fault("name at least one alert", key: "alertname") }
        let labels = match.node("labels").map { readLabels($0, path: match.path(of: "labels")) } ?? [:]
        match.finish()
        return Pattern.Matcher(alertnames: Set(names), labels: labels)
    }

    private func readTarget() -> Pattern.TargetRule? {
        guard let target = part("target", "what it acts on") else { return nil }
        defer { target.finish() }
        let names = target.values("name_from", .labelName, orOne: true)
        let hosts = target.values("host_from", .labelName, orOne: true)
        guard let kind = target.required("kind", ValueForm<Target.Kind>.word) else { return nil }
        if kind == .host {
            target.refuse(["name_from"], because: "a host is named by 'host_from' alone")
        } else if names.isEmpty {
            target.fault("name at least one label that holds the \(kind.rawValue)'s name", key: "name_from")
        }
        if hosts.isEmpty { target.fault("name at least one label that tells the host", key: "host_from") }
        return Pattern.TargetRule(kind: kind, nameFrom: names, hostFrom: hosts)
    }

    private func readResponse(kind: Target.Kind?) -> Pattern.Response? {
        switch (section.node("plan") != nil, section.node("escalate") != nil) {
        case (false, true): return section.value("escalate", .line).map { .escalate($0) }
        case (true, false): return readPlan(kind: kind)
        default:
            section.collector.fault(
                "give exactly one of 'plan' and 'escalate'", at: section.origin, path: section.path)
            return nil
        }
    }

    private func readPlan(kind: Target.Kind?) -> Pattern.Response? {
        let elements = section.items("plan").compactMap { (node, path) -> PlanElement? in
            if case .mapping = node.content { return readCommand(node, path: path) }
            guard let action = section.read(node, ValueForm<Action.Name>.word, path: path) else { return nil }
            guard let needed = action.targetKind else {
                section.collector.fault("write the command: {command: TEXT}", at: node.origin, path: path)
                return nil
            }
            if let kind, needed != kind {
                section.collector.fault(
                    "\(action.rawValue) acts on a \(needed.rawValue), but the target is a \(kind.rawValue)",
                    at: node.origin, path: path)
            }
            return .action(action)
        }
        if section.items("plan").isEmpty { section.fault("name at least one action", key: "plan") }
        return elements.isEmpty ? nil : .plan(elements)
    }

    /// A command whose shell syntax and places are understood; its program is judged when values are there.
    private func readCommand(_ node: YAMLNode, path: String) -> PlanElement? {
        guard let item = SectionReader(node, path: path, collector: section.collector) else { return nil }
        defer { item.finish() }
        guard let text = item.required("command", .line) else { return nil }
        do {
            _ = try CommandTemplate(text)
            return .command(text)
        } catch {
            item.fault(error.reason, key: "command")
            return nil
        }
    }

    private func readDeliberateFrom() -> Double? {
        guard let value = section.value("deliberate_from", .fraction) else { return nil }
        if value == 0 { section.fault("with 0 everything would be taken for intended", key: "deliberate_from") }
        return value
    }

    /// A plan states how sure it is; telling a person needs no such figure.
    private func readConfidence(_ response: Pattern.Response?) -> Double? {
        if case .escalate = response { return section.value("confidence", .fraction) ?? 1 }
        return section.required("confidence", .fraction)
    }

    private func readExamples() -> Examples? {
        guard let examples = part("examples", "alerts that it must and must not match") else { return nil }
        defer { examples.finish() }
        let match = readExamples(examples, "match")
        let noMatch = readExamples(examples, "no_match")
        return Examples(match: match, noMatch: noMatch)
    }

    private func readExamples(_ examples: SectionReader, _ key: String) -> [Example] {
        let items = examples.items(key)
        if items.isEmpty { examples.fault("give at least one example", key: key) }
        return items.map { Example(labels: LabelSet(readLabels($0.node, path: $0.path)), node: $0.node, path: $0.path) }
    }

    private func readLabels(_ node: YAMLNode, path: String) -> [String: String] {
        guard let labels = SectionReader(node, path: path, collector: section.collector) else { return [:] }
        var result: [String: String] = [:]
        for entry in labels.openEntries() {
            guard LabelName.isValid(entry.key) else {
                section.collector.fault("not a label name", at: entry.origin, path: path)
                continue
            }
            result[entry.key] = labels.read(entry.value, .line, path: labels.path(of: entry.key))
        }
        return result
    }

    private func part(_ key: String, _ meaning: String) -> SectionReader? {
        guard section.node(key) != nil else {
            section.collector.fault("missing key '\(key)': \(meaning)", at: section.origin, path: section.path)
            return nil
        }
        return section.section(key)
    }
}

private struct Example {
    let labels: LabelSet
    let node: YAMLNode
    let path: String
}

private struct Examples {
    let match: [Example]
    let noMatch: [Example]
}

extension PatternReader {
    /// An example that must match must also lead to a target, or the pattern could never act on it.
    private func check(_ pattern: Pattern, _ examples: Examples) {
        for example in examples.match {
            let values = example.labels.values
            if !pattern.matcher.matches(example.labels) {
                fault("the pattern does not match this example", example)
            } else if pattern.target.kind != .host, !pattern.target.nameFrom.contains(where: { values[$0] != nil }) {
                fault("the example has none of the labels of 'name_from'", example)
            } else if !pattern.target.hostFrom.contains(where: { values[$0] != nil }) {
                fault("the example has none of the labels of 'host_from'", example)
            }
        }
        for example in examples.noMatch where pattern.matcher.matches(example.labels) {
            fault("the pattern matches this example, which it must not", example)
        }
    }

    private func fault(_ message: String, _ example: Example) {
        section.collector.fault(message, at: example.node.origin, path: example.path)
    }
}

extension ValueForm where Value == String {
    /// A pattern's id.
    fileprivate static let patternID = ValueForm.text("a pattern's id") { (text) throws(ValueProblem) in
        let allowed = "abcdefghijklmnopqrstuvwxyz0123456789-".utf8
        guard let first = text.utf8.first, first != UInt8(ascii: "-"), text.utf8.count <= 63,
            text.utf8.allSatisfy({ allowed.contains($0) })
        else { throw .refused("not a pattern's id: lower-case letters, digits and '-', at most 63") }
        return text
    }

    /// A label's name.
    fileprivate static let labelName = ValueForm.text("a label's name") { (text) throws(ValueProblem) in
        guard LabelName.isValid(text) else { throw .refused("not a label name") }
        return text
    }
}
