// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore

/// The file of a host's guard, from what the inventory declares and the operator's own policy file says.
enum GuardPolicyText {
    /// Narrow: the declared targets, and no riskier command than their typed actions are, unless the host says so.
    ///
    /// - Parameters:
    ///   - statement: `guard-key …`, see `GuardKey`.
    ///   - own: the operator's policy file; the guard judges by the same statements and tables.
    static func text(for host: Host, in inventory: Inventory, under policy: Policy, statement: String, own: String?)
        -> String
    {
        let commands = TargetSteps.commands(on: host, in: inventory, under: policy)
        // A link with a way back counts as bounded: the guard itself sees to it that only then it is changed.
        let classes = commands.map {
            TargetSteps.reverts(of: [$0], under: policy).isEmpty ? $0.commandClass : .bounded
        }
        let cap = host.guardCap ?? classes.max() ?? .observe
        var lines = [
            "# Written by jarvis hosts enrol; what it says is kept in Jarvis' configuration.",
            "guard-host \(host.name)", statement, "guard-cap \(cap.rawValue)",
        ]
        // What is protected may not be changed there, so it is not among the commands and needs no line.
        let changed = Set(
            commands.flatMap(\.effects).filter(\.isChange).map { "allow-target \($0.kind.rawValue) \($0.name)" })
        lines += changed.sorted()
        lines += reachable(inventory)
        if let own, !own.isEmpty {
            lines += ["# Jarvis' own policy file"] + [own.hasSuffix("\n") ? String(own.dropLast()) : own]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The machines and services that commands may talk to because the inventory names them, see `PolicyBuilder`.
    private static func reachable(_ inventory: Inventory) -> [String] {
        var hosts: Set<String> = []
        var services: Set<String> = []
        for host in inventory.hosts.values {
            hosts.insert(host.name.text)
            if case .ssh(let endpoint) = host.connection { hosts.insert(endpoint.address) }
            for probe in host.targets.flatMap(\.probes) {
                switch probe {
                case .http(let url, _, _, _): services.insert(url)
                case .tcp(let address, _): hosts.insert(address)
                }
            }
        }
        return hosts.sorted().map { "host \($0)" }
            + services.filter { !$0.contains("#") && !$0.contains(" ") }.sorted().map { "service \($0)" }
    }
}
