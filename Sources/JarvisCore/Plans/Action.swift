// SPDX-License-Identifier: Apache-2.0

/// A typed thing Jarvis can do to a target.
package struct Action: Sendable, Hashable, CustomStringConvertible {
    /// The values of an action's parameters, each in the one spelling that its type accepts.
    package typealias Parameters = [Parameter: String]

    /// What is done.
    package let name: Name
    /// To what.
    package let target: Target
    /// How; empty for the actions that take none.
    package let parameters: Parameters

    /// Pairs an action with its target.
    ///
    /// Nothing is checked here: the catalogue does that wherever an action is judged.
    package init(_ name: Name, on target: Target, _ parameters: Parameters = [:]) {
        self.name = name
        self.target = target
        self.parameters = parameters
    }

    /// For people: `container.restart web on nexus`, `journal.vacuum host nexus, size 500M`.
    package var description: String {
        let what =
            target.kind == .host
            ? target.description : "\(UntrustedText(target.name).display(limit: 128)) on \(target.host)"
        return "\(name.rawValue) \(what)" + parameters.text(before: ", ")
    }
}

extension Action: Codable {
    private enum CodingKeys: String, CodingKey { case name, target, parameters }

    /// Reads an action; what earlier versions stored has no parameters.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(Name.self, forKey: .name)
        target = try container.decode(Target.self, forKey: .target)
        parameters = try container.decodeIfPresent(Parameters.self, forKey: .parameters) ?? [:]
    }

    /// Writes an action; without parameters as earlier versions did.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(target, forKey: .target)
        if !parameters.isEmpty { try container.encode(parameters, forKey: .parameters) }
    }
}

extension Action {
    /// What an action can be told besides its target; which of them it takes, and in what form, the catalogue says.
    package enum Parameter: String, Sendable, Codable, CaseIterable, CodingKeyRepresentable {
        /// How much is kept, such as `500M`.
        case size
        /// From what age on something goes, such as `14d`.
        case age
        /// The name of a certificate.
        case certificate
        /// The name of a network interface.
        case interface
    }
}

extension Action.Parameters {
    /// For people, in one order: `, size 500M` behind a separator; nothing where there are none.
    func text(before separator: String) -> String {
        sorted { $0.key.rawValue < $1.key.rawValue }
            .map { "\(separator)\($0.key.rawValue) \(UntrustedText($0.value).display(limit: 128))" }.joined()
    }
}
