// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// An ending as `fixed` that did not hold: the alert came back too soon, and the fault with it.
///
/// It counts as a failure of the plan's pattern on the target, as of when it was withdrawn.
package struct Withdrawal: Sendable, Codable, Equatable {
    /// Which one it is of the incident's, from 1.
    package let number: Int
    /// The ending.
    package let closing: Closing
    /// The pattern whose plan was credited with it.
    package let pattern: String?
    /// When it was withdrawn; in one that is only doubted, since when.
    package let at: Date

    /// Records that an ending did not hold.
    package init(number: Int, closing: Closing, pattern: String?, at: Date) {
        self.number = number
        self.closing = closing
        self.pattern = pattern
        self.at = at
    }
}
