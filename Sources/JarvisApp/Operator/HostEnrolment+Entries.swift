// SPDX-License-Identifier: Apache-2.0

package import JarvisCore
import JarvisHosts

extension HostEnrolment {
    /// What is known of a host's enrolment.
    package struct Entry: Sendable {
        /// Whether a guard stands on a host.
        package enum Guarding: String, Sendable, Encodable {
            /// The configuration says so, and a login has shown it.
            case yes
            /// The configuration says so; no login has shown it yet.
            case unproven
            /// The configuration does not say so.
            case no
        }

        /// The host.
        package let host: Host
        /// Kinds of its pinned keys; empty: not added yet.
        package let pinned: [String]
        /// The login shell that was found when it was added; nil on a guarded host.
        package let shell: String?
        /// Whether it is guarded.
        package let guarding: Guarding
        /// The private key that Jarvis logs in with: made by `enrol`, or named in the configuration.
        package let key: (path: String, exists: Bool)?
    }

    /// The hosts of the inventory and how far they are.
    package func entries() throws -> [Entry] {
        let pinned = try access.knownHosts.list()
        return configuration.inventory.hosts.values.sorted { $0.name < $1.name }.map { host in
            let recorded = recordedShell(host.name)
            let hasGuard = recorded == Proof.guardShell
            return Entry(
                host: host, pinned: (pinned[host.name] ?? []).map(\.kind).sorted(), shell: hasGuard ? nil : recorded,
                guarding: !host.isGuarded ? .no : hasGuard ? .yes : .unproven, key: key(of: host))
        }
    }

    private func key(of host: Host) -> (path: String, exists: Bool)? {
        guard case .ssh(let endpoint) = host.connection else { return nil }
        if let path = endpoint.identityFile { return (path, BoundedFile.exists(path)) }
        guard isEnrolled(host.name) else { return nil }
        return (access.enrolledKeys.path(host.name), true)
    }
}
