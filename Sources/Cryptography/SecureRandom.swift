// SPDX-License-Identifier: Apache-2.0

import CSodium

/// Random bytes from the operating system.
package enum SecureRandom {
    /// `count` unpredictable bytes.
    package static func bytes(_ count: Int) -> [UInt8] {
        SodiumLibrary.require()
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialised in
            if let start = buffer.baseAddress { randombytes_buf(start, count) }
            initialised = count
        }
    }

    /// `count` unpredictable bytes as lower-case hexadecimal digits, two for each.
    package static func hexadecimalText(bytes count: Int) -> String { hexadecimal(bytes(count)) }
}
