// SPDX-License-Identifier: Apache-2.0

/// Whether alerts are accepted, as monitoring is told.
package enum Readiness: Sendable, Equatable {
    /// They are, and everything works.
    case ready
    /// They are and are kept, but something is wrong; one sentence that says what.
    case impaired(String)
    /// They are refused; one sentence that says why.
    case notReady(String)
}
