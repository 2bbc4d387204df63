// SPDX-License-Identifier: Apache-2.0

/// The version of this build.
package enum Version {
    /// Semantic version.
    package static let text = "0.1.0"
}
