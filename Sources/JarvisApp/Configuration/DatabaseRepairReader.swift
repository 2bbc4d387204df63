// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore

/// Reads what the owner allows to be started while the database is away.
enum DatabaseRepairReader {
    static func read(_ section: SectionReader) -> Configuration.DatabaseRepair? {
        let host = section.required("host", .hostName)
        let container = section.value("container", ValueForm<ContainerName>.operand)
        let unit = section.value("unit", ValueForm<UnitName>.operand)
        let after = section.value("after", .duration(30...86_400))
        section.finish()
        guard (section.node("container") == nil) != (section.node("unit") == nil) else {
            section.fault("give exactly one of 'container' and 'unit': what the database runs in", key: "host")
            return nil
        }
        guard let host, let name = container?.text ?? unit?.text else { return nil }
        var repair = Configuration.DatabaseRepair(
            target: Target(host: host, kind: unit == nil ? .container : .unit, name: name))
        if let after { repair.after = after }
        return repair
    }

    /// Only what is declared may be touched; here, too.
    static func check(
        _ repair: Configuration.DatabaseRepair, _ inventory: LocatedInventory, _ root: SectionReader
    ) {
        guard let section = root.section("database")?.section("repair") else { return }
        let target = repair.target
        guard target.host != .local else {
            return section.fault(
                "instances that share a database have no host 'local' in common: reach it over SSH, under a name of its own",
                key: "host")
        }
        guard let host = inventory.inventory.hosts[target.host] else {
            // A host that was declared with faults has its own.
            guard !inventory.hostNames.contains(target.host.text) else { return }
            return section.fault(
                "there is no host '\(target.host)'", key: "host",
                suggestion: Suggestion.nearest(to: target.host.text, among: inventory.hostNames))
        }
        guard inventory.inventory.declaration(of: target) == nil else { return }
        section.fault(
            "\(target) is not declared under 'hosts'", key: target.kind.rawValue,
            suggestion: Suggestion.nearest(
                to: target.name, among: host.targets.filter { $0.kind == target.kind }.map(\.name)))
    }
}
