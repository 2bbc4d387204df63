// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
import FoundationEssentials

/// Jarvis knows where it runs: its own unit is protected, whoever proposes to change it.
///
/// Its container is recognised when it is looked at (`EngineRules.ownContainers`): no command may name a container by
/// its identifier, and the policy stays the same when the container is made anew.
package enum SelfAwareness {
    /// The units that this process runs in, from its control groups (cgroups(7)), without suffix and instance.
    package static func units(cgroups text: String) -> [String] {
        var found: [String] = []
        for line in text.split(separator: "\n") {
            guard let path = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).last else {
                continue
            }
            for part in path.split(separator: "/") where part.hasSuffix(".service") {
                guard (try? UnitName(String(part))) != nil else { continue }
                found.append(String(part.dropLast(".service".count).prefix { $0 != "@" }))
            }
        }
        return found
    }

    /// The policy with what this process runs in protected as Jarvis' own; user sessions are not meant.
    package static func protect(
        _ policy: Policy, cgroups text: String? = try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)
    ) -> Policy {
        var settings = policy.settings
        for name in units(cgroups: text ?? "") where !name.isEmpty && name != "user" {
            guard settings.protection.levels[.unit]?[name] == nil else { continue }
            settings.protection.levels[.unit, default: [:]][name] = .own
        }
        return policy.with(settings)
    }
}
