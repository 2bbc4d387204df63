// SPDX-License-Identifier: Apache-2.0

/// A program of a host that prints where paths lead.
package enum PathFollower: Sendable {
    /// `realpath PATH…`: a line for each path, a reason for those that lead nowhere.
    case realpath
    /// `readlink -f PATH`, where a small BusyBox has no other: one path, and no reason.
    case readlink

    var words: [String] { self == .realpath ? ["realpath"] : ["readlink", "-f"] }
    var maximumPaths: Int { self == .realpath ? .max : 1 }
}
