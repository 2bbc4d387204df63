// SPDX-License-Identifier: Apache-2.0

/// One thing that a snapshot knows of a target.
package enum SnapshotField: String, Sendable, Codable, CaseIterable {
    /// Whether a container runs, a paused or restarting one included (`true`, `false`).
    case running
    /// Whether a container is paused (`true`, `false`).
    case paused
    /// Whether a unit or a declared service is active (`true`, `false`).
    case active
    /// The state as its host names it, for people.
    case state
    /// Which container it is, whatever its name.
    case identity
    /// The restart policy of a container.
    case restartPolicy
    /// The digest of a container's image.
    case image
    /// A container's networks, as JSON.
    case networks
    /// A container's mounts, as JSON.
    case mounts
    /// Whether a unit is enabled, as systemd names it.
    case enabled
    /// A unit's files and drop-ins, secrets taken out.
    case unitFiles
    /// What the target said last, secrets taken out.
    case lastLines
}

extension SnapshotField: CodingKeyRepresentable {}
