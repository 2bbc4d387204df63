// SPDX-License-Identifier: Apache-2.0

/// As whom a command runs on the host.
package enum Privilege: String, Sendable, Codable {
    /// As the user that Jarvis logs in as.
    case login
    /// As root through `sudo -n` with exactly this argv (SPEC section 7).
    case root
}
