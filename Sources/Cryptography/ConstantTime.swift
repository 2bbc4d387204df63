// SPDX-License-Identifier: Apache-2.0

import CSodium

/// Comparing secrets without telling by the time it takes where they differ.
package enum ConstantTime {
    /// Whether both hold the same bytes.
    ///
    /// The time depends on the length only. Different lengths are told apart at once, so compare digests where the
    /// length itself is secret.
    package static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        SodiumLibrary.require()
        return sodium_memcmp(left, right, left.count) == 0
    }
}
