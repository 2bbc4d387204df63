// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore
import JarvisEngine

/// The catalogue of typed actions as people and programs read it.
package struct ActionReference: Sendable, Encodable {
    /// One parameter.
    package struct Parameter: Sendable, Encodable {
        /// Its name.
        package let name: String
        /// What values it takes.
        package let values: String
    }

    /// What it does, in one sentence.
    package let summary: String
    /// Its name.
    package let name: String
    /// The kind of target it acts on.
    package let target: String
    /// What it can be told; of several exactly one is given.
    package let parameters: [Parameter]
    /// Its class, unless the target is protected.
    package let commandClass: String
    /// What it does to what kind of thing, as the policy says it.
    package let effect: String
    /// What must have been measured before.
    package let precondition: String
    /// The command, with places in capitals; nil for declared services.
    package let command: String?
    /// The command that takes it back; nil: there is none.
    package let inverse: String?
    /// `restores`, `nothingToRestore` or `impossible`.
    package let undo: String
    /// The fields that the undo restores, or why it does not.
    package let undoDetail: String
    /// What shows that it worked.
    package let proof: String
    /// Which entry of a host's `sudo` makes it run as root.
    package let sudo: String?
    /// Seconds that it usually takes at most.
    package let expectedSeconds: Int
    /// Seconds after which the host ends it.
    package let deadlineSeconds: Int
    /// What becomes of the target when it is ended in the middle.
    package let interruption: String

    /// Every action, in the catalogue's order.
    package static let all = ActionCatalogue.specifications.map(ActionReference.init)

    /// The action with a name, or the names that are near to it.
    package static func named(_ name: String) -> (action: ActionReference?, suggestion: String?) {
        if let action = all.first(where: { $0.name == name }) { return (action, nil) }
        return (nil, Suggestion.nearest(to: name, among: all.map(\.name)))
    }

    private init(_ specification: ActionSpecification) {
        name = specification.name.rawValue
        summary = specification.summary
        target = specification.targetKind.rawValue
        parameters = specification.parameters.map { Parameter(name: $0.name.rawValue, values: $0.form.text) }
        commandClass = specification.commandClass.rawValue
        effect = "\(specification.effect.verb.rawValue) \(specification.effect.kind.rawValue)"
        precondition = Self.text(specification.precondition)
        if case .command(let words) = specification.operation {
            command = words.map(\.placeholder).joined(separator: " ")
            sudo = Self.sudo(specification.privilegeKind)
        } else {
            command = nil
            sudo = nil
        }
        inverse = specification.inverse.map { $0.map(\.placeholder).joined(separator: " ") }
        (undo, undoDetail) =
            switch specification.undo {
            case .restores(let fields): ("restores", fields.map(\.rawValue).joined(separator: ", "))
            case .nothingToRestore(let reason): ("nothingToRestore", reason)
            case .impossible(let reason): ("impossible", reason)
            }
        proof =
            switch specification.effectiveness {
            case .targetProbe where specification.targetKind == .compose:
                "the state of the service's container, read on the host"
            case .targetProbe: "the state of the \(specification.targetKind.rawValue), read on the host"
            case .noProbe(let reason): "no probe: \(reason)"
            }
        expectedSeconds = specification.expectedSeconds
        deadlineSeconds = specification.deadlineSeconds
        interruption =
            switch specification.interruption {
            case .safe: "safe"
            case .leaves(let what): what
            }
    }

    private static func sudo(_ kind: Target.Kind) -> String {
        switch kind {
        case .container, .compose: "containers"
        case .unit: "units"
        case .host: "host"
        case .service: "none"
        }
    }

    private static func text(_ precondition: ActionSpecification.Precondition) -> String {
        switch precondition {
        case .targetBad: "the target was seen down or bad"
        case .targetPaused: "the target was seen paused"
        case .somethingBad:
            "the target or its service was measured bad, or (where nothing says from outside that it serves) "
                + "the alert's expression"
        case .metricsBad: "the alert's own expression was measured bad"
        }
    }
}

extension ActionReference {
    /// What there is to say about it, a line for each.
    package var lines: [(label: String, text: String)] {
        var lines = [
            ("action", name), ("does", summary), ("target", target), ("class", commandClass), ("effect", effect),
        ]
        lines += parameters.map { ("parameter", "\($0.name): \($0.values)") }
        lines.append(("command", command ?? "none: the program that is declared is run without any shell"))
        if let sudo { lines.append(("as root", "where the host's sudo lists \(sudo)")) }
        lines += [
            ("called for", "when \(precondition)"), ("proof", proof), ("undo", "\(undo): \(undoDetail)"),
        ]
        if let inverse { lines.append(("inverse", inverse)) }
        lines += [
            ("takes", "about \(expectedSeconds) s; the host ends it after \(deadlineSeconds) s"),
            ("interrupted", interruption),
        ]
        return lines
    }

    /// The table of docs/ACTIONS.md.
    package static var markdown: String {
        var lines = [
            "| action | target | class | command | called for when | undo |", "|---|---|---|---|---|---|",
        ]
        for action in all {
            let command = action.command.map { "`\($0)`" } ?? "the declared program"
            lines.append(
                "| `\(action.name)` | \(action.target) | \(action.commandClass) | \(command) | \(action.precondition) "
                    + "| \(action.undo): \(action.undoDetail) |")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
