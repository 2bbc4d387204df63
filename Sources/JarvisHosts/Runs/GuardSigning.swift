// SPDX-License-Identifier: Apache-2.0

/// With what Jarvis speaks to the guards of its hosts.
package struct GuardSigning: Sendable {
    /// Grows with every start of Jarvis; a guard that heard a higher one lets a lower one change nothing.
    package let epoch: UInt64
    /// The Ed25519 signature of some bytes.
    package let sign: @Sendable ([UInt8]) -> [UInt8]

    /// Seconds that a request is good for, by the host's clock: the way there, and a clock that is a little off.
    static let life: Int64 = 120

    /// Signs for this epoch.
    package init(epoch: UInt64, sign: @escaping @Sendable ([UInt8]) -> [UInt8]) {
        self.epoch = epoch
        self.sign = sign
    }
}
