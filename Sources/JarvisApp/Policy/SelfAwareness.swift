// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
import FoundationEssentials

/// Jarvis knows where it runs: its own unit and container are protected, whoever proposes to change them.
package enum SelfAwareness {
    /// The unit and the container that this process runs in, from its control groups (cgroups(7)).
    ///
    /// A container is known by its id, whole and in docker's short form; a name that the engine gave it besides is the
    /// operator's to protect (`protect container NAME own`).
    package static func surroundings(cgroups text: String) -> [(kind: Effect.Kind, name: String)] {
        var found: [(kind: Effect.Kind, name: String)] = []
        for line in text.split(separator: "\n") {
            guard let path = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).last else {
                continue
            }
            for part in path.split(separator: "/") {
                if part.hasSuffix(".service"), (try? UnitName(String(part))) != nil {
                    // Protection knows units without their suffix and instance.
                    found.append((.unit, String(part.dropLast(".service".count).prefix { $0 != "@" })))
                } else if let id = containerID(part) {
                    found += [(.container, id), (.container, String(id.prefix(12)))]
                }
            }
        }
        return found
    }

    /// The policy with what this process runs in protected as Jarvis' own; user sessions are not meant.
    package static func protect(
        _ policy: Policy, cgroups text: String? = try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)
    ) -> Policy {
        var settings = policy.settings
        for (kind, name) in surroundings(cgroups: text ?? "") where !name.isEmpty && name != "user" {
            guard settings.protection.levels[kind]?[name] == nil else { continue }
            settings.protection.levels[kind, default: [:]][name] = .own
        }
        return policy.with(settings)
    }

    /// `docker-ID.scope`, `libpod-ID.scope`, or the id alone below `/docker/`.
    private static func containerID(_ part: Substring) -> String? {
        var id = part
        for prefix in ["docker-", "libpod-", "cri-containerd-", "crio-"] where id.hasPrefix(prefix) {
            id = id.dropFirst(prefix.count)
        }
        if id.hasSuffix(".scope") { id = id.dropLast(".scope".count) }
        guard id.utf8.count == 64, id.utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) }) else { return nil }
        return String(id)
    }
}
