// SPDX-License-Identifier: Apache-2.0

package import JarvisCore

/// Tells from an alert's labels what it is about.
package enum TargetResolution {
    /// Why no target could be told; a sentence for a person.
    package struct Failure: Error, Equatable {
        /// What is missing, and what to do about it.
        package let reason: String
    }

    /// The target of an alert under a pattern: declared in the inventory, or nothing.
    ///
    /// Labels are compared as whole values with the inventory. A label never becomes a name that the operator did not
    /// write down: the result is a declared target, found by equality.
    package static func target(of labels: LabelSet, under pattern: Pattern, in inventory: Inventory) throws(Failure)
        -> Target
    {
        let host = try host(of: labels, under: pattern, in: inventory)
        if pattern.target.kind == .host { return Target(host: host.name, kind: .host, name: host.name.text) }
        guard let label = pattern.target.nameFrom.first(where: { labels[$0] != nil }), let value = labels[label] else {
            throw Failure(
                reason: "the alert has none of the labels \(list(pattern.target.nameFrom)) that name the target")
        }
        let target = Target(host: host.name, kind: pattern.target.kind, name: value.verbatim)
        guard let declaration = inventory.declaration(of: target) ?? composeService(value.verbatim, target.kind, host)
        else {
            throw Failure(
                reason: "\(target) is not listed in the inventory, so it may not be touched; "
                    + "add it to the \(section(pattern.target.kind)) of host \(host.name)")
        }
        // Strings are equal by Unicode's canonical equivalence: the bytes that count are the operator's.
        return Target(host: host.name, kind: declaration.kind, name: declaration.name)
    }

    /// The compose service whose container has this name: what exporters know is the container.
    private static func composeService(_ name: String, _ kind: Target.Kind, _ host: Host) -> DeclaredTarget? {
        kind == .compose ? host.targets.first { $0.compose?.container == name } : nil
    }

    private static func section(_ kind: Target.Kind) -> String {
        kind == .compose ? "compose projects" : "\(kind.rawValue)s"
    }

    private static func host(of labels: LabelSet, under pattern: Pattern, in inventory: Inventory) throws(Failure)
        -> Host
    {
        for label in pattern.target.hostFrom {
            if let value = labels[label], let host = inventory.host(label: label, value: value.verbatim) { return host }
        }
        let seen = pattern.target.hostFrom.compactMap { name in
            labels[name].map { "\(name)=\"\($0.display(limit: 80))\"" }
        }
        throw Failure(
            reason: seen.isEmpty
                ? "the alert has none of the labels \(list(pattern.target.hostFrom)) that tell the host"
                : "no host of the inventory has \(seen.joined(separator: " or ")); add the value to the host's labels")
    }

    private static func list(_ names: [String]) -> String { names.joined(separator: ", ") }
}
