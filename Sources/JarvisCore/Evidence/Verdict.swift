// SPDX-License-Identifier: Apache-2.0

/// The result of verification.
package enum Verdict: String, Sendable, Codable {
    /// Two different kinds of signal were good over the whole stability window.
    case verified
    /// Measured bad.
    case notFixed
    /// A probe was good before and is bad after.
    case worsened
    /// Not enough evidence; never counts as success.
    case unknown
}
