// SPDX-License-Identifier: Apache-2.0

/// The machines and targets that the operator declared.
package struct Inventory: Sendable, Equatable {
    /// The hosts by name.
    package let hosts: [HostName: Host]

    /// Builds an inventory; of two hosts with one name the later one counts (configuration refuses that case).
    package init(_ hosts: [Host]) {
        self.hosts = Dictionary(hosts.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    }

    /// The host that a label's value means: by the inventory's `labels`, or the host's own name for `remediation_host`.
    ///
    /// Whole values are compared, never prefixes or substrings. More than one match is no match.
    package func host(label: String, value: String) -> Host? {
        let matches = hosts.values.filter { host in
            host.labels[label]?.contains(value) == true || (label == "remediation_host" && host.name.text == value)
        }
        return matches.count == 1 ? matches.first : nil
    }

    /// The declaration of a target; nil when the operator did not list it.
    package func declaration(of target: Target) -> DeclaredTarget? {
        hosts[target.host]?.targets.first { $0.kind == target.kind && $0.name == target.name }
    }
}
