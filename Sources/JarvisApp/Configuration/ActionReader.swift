// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import JarvisEngine

/// Reads a typed action with its parameters, as patterns and hosts hold it.
enum ActionReader {
    /// The action's name alone, or `{action: NAME, PARAMETER: VALUE}`; nil, with a fault, when it can't be used.
    ///
    /// - Parameter isComplete: whether every parameter that the action needs must be given.
    static func read(
        _ node: YAMLNode, path: String, in section: SectionReader, isComplete: Bool,
        more: (SectionReader, ActionSpecification) -> Void = { _, _ in }
    ) -> (specification: ActionSpecification, parameters: Action.Parameters)? {
        guard case .mapping = node.content else {
            guard let specification = section.read(node, ValueForm<ActionSpecification>.action, path: path) else {
                return nil
            }
            if isComplete, let fault = fault(of: [:], specification) {
                section.collector.fault(
                    "\(fault): write {action: \(specification.name.rawValue), …}", at: node.origin, path: path)
                return nil
            }
            return (specification, [:])
        }
        guard let item = SectionReader(node, path: path, collector: section.collector) else { return nil }
        defer { item.finish() }
        guard let specification = item.required("action", ValueForm<ActionSpecification>.action) else { return nil }
        more(item, specification)
        var parameters: Action.Parameters = [:]
        for parameter in specification.parameters where item.node(parameter.name.rawValue) != nil {
            guard let value = item.value(parameter.name.rawValue, .line) else { return nil }
            parameters[parameter.name] = value
        }
        if isComplete || !parameters.isEmpty, let fault = fault(of: parameters, specification) {
            item.fault(fault, key: parameters.keys.first?.rawValue ?? "action")
            return nil
        }
        return (specification, parameters)
    }

    private static func fault(of parameters: Action.Parameters, _ specification: ActionSpecification) -> String? {
        do {
            try specification.check(parameters)
            return nil
        } catch {
            return error.reason
        }
    }
}

extension ValueForm where Value == ActionSpecification {
    /// The name of a typed action.
    static let action = {
        let names = Action.Name.typed.map(\.rawValue)
        return ValueForm.text("an action that 'jarvis actions list' prints") { (text) throws(ValueProblem) in
            if let known = Action.Name(rawValue: text).flatMap(ActionCatalogue.specification(of:)) { return known }
            if text == "command" { throw .refused("write the command: {command: TEXT}") }
            if let near = Suggestion.nearest(to: text, among: names) { throw .mismatchMeaning(near) }
            throw .mismatch
        }
    }()
}
