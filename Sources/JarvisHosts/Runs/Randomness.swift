// SPDX-License-Identifier: Apache-2.0

/// Random lower-case hexadecimal digits from the system's generator, two per byte.
func randomHexadecimal(bytes: Int) -> String {
    var generator = SystemRandomNumberGenerator()
    var text = ""
    for _ in 0..<bytes {
        let byte = UInt8.random(in: .min ... .max, using: &generator)
        text += String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }
    return text
}
