// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
import FoundationEssentials

/// Jarvis knows where it runs: its own unit and container are protected, whoever proposes to change them.
package enum SelfAwareness {
    /// The unit that this process runs in, from its control groups (cgroups(7)), and its containers.
    ///
    /// A container is known by its identifier, whole and in docker's short form. What name an engine gave it besides is
    /// seen when it is looked at (`EngineRules.ownContainers`).
    package static func surroundings(
        cgroups text: String, containers: Set<String>
    ) -> [(kind: Effect.Kind, name: String)] {
        var found: [(kind: Effect.Kind, name: String)] = []
        for line in text.split(separator: "\n") {
            guard let path = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).last else {
                continue
            }
            for part in path.split(separator: "/") where part.hasSuffix(".service") {
                guard (try? UnitName(String(part))) != nil else { continue }
                // Protection knows units without their suffix and instance.
                found.append((.unit, String(part.dropLast(".service".count).prefix { $0 != "@" })))
            }
        }
        return found + containers.flatMap { [(.container, $0), (.container, String($0.prefix(12)))] }
    }

    /// The policy with what this process runs in protected as Jarvis' own; user sessions are not meant.
    package static func protect(
        _ policy: Policy, cgroups text: String? = try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8),
        containers: Set<String> = OwnContainer.current()
    ) -> Policy {
        var settings = policy.settings
        for (kind, name) in surroundings(cgroups: text ?? "", containers: containers)
        where !name.isEmpty && name != "user" {
            guard settings.protection.levels[kind]?[name] == nil else { continue }
            settings.protection.levels[kind, default: [:]][name] = .own
        }
        return policy.with(settings)
    }
}
