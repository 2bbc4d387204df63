// SPDX-License-Identifier: Apache-2.0

extension Policy {
    /// Everything this policy decides by, as one text that is the same for the same policy: what a digest is made of.
    ///
    /// Two policies that judge any command differently have different texts.
    package var identity: String {
        var lines: [String] = []
        for (program, root) in table.programs.sorted(by: { $0.key < $1.key }) {
            describe(root, program, into: &lines)
        }
        for entry in (denials.entries.values.flatMap { $0 } + denials.families) {
            lines.append("deny \(entry.words.joined(separator: " "))")
        }
        return (lines.sorted() + settings.identity).joined(separator: "\n")
    }

    private func describe(_ node: Int, _ path: String, into lines: inout [String]) {
        let here = table.nodes[node]
        lines.append("\(path) : \(here.style.rawValue) \(Self.describe(here.options))")
        for form in here.forms.map({ table.forms[$0] }) {
            let traits = form.traits
            lines.append(
                "\(path) = \(form.synopsis) \(traits.commandClass.rawValue) \(traits.undo.rawValue) \(traits.destroys) "
                    + "\(traits.verb.rawValue) \(traits.isFilter) \(Self.describe(form.options)) \(form.required)")
        }
        for (word, child) in here.children.sorted(by: { $0.key < $1.key }) {
            describe(child, "\(path) \(word)", into: &lines)
        }
    }

    private static func describe(_ options: [String: OptionRule]) -> String {
        options.sorted { $0.key < $1.key }.map { spelling, rule in
            let value =
                switch rule.value {
                case .none: ""
                case .required(let type): " \(type.name)"
                case .optional(let type): "[=\(type.name)]"
                }
            return "\(spelling)\(value)\(rule.raises.map { " !\($0.rawValue)" } ?? "")"
        }.joined(separator: ", ")
    }
}

extension PolicySettings {
    /// Every statement, in one order.
    fileprivate var identity: [String] {
        var lines = ["cap \(cap.rawValue)"]
        lines += refused.map { "refuse \($0.joined(separator: " "))" }
        lines += paths.readable.map { "read \($0)" } + paths.listable.map { "list \($0)" }
        lines += paths.stacks.map { "stacks \($0)" } + paths.databases.map { "databases \($0)" }
        lines += network.hosts.map { "host \($0)" } + network.networks.map { "network \($0.base)/\($0.mask)" }
        lines += network.probeNames.map { "probe \($0)" } + network.services.map { "service \($0)" }
        lines += network.actions.map { "action \($0)" } + protection.statefulWords.map { "stateful \($0)" }
        for (kind, names) in protection.levels {
            lines += names.map { "protect \(kind.rawValue) \($0.key) \($0.value.rawValue)" }
        }
        return lines.sorted()
    }
}
