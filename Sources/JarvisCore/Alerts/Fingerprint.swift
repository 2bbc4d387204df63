// SPDX-License-Identifier: Apache-2.0

/// The identity of an alert: a 64-bit FNV-1a hash of its sorted labels, as Prometheus and Alertmanager compute it
/// (prometheus/common `LabelSet.Fingerprint`).
///
/// Always computed here, never taken from a payload. It is not collision-proof against somebody who crafts labels;
/// the store therefore compares the labels themselves before it treats two alerts as one.
package struct Fingerprint: Sendable, Hashable, StoredAsText {
    /// See `StoredAsText`.
    package static let textName = "a fingerprint"

    /// The hash.
    package let value: UInt64

    /// Hashes labels.
    package init(of labels: LabelSet) {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        for (name, value) in labels.sorted {
            name.utf8.forEach(add)
            add(0xFF)
            value.utf8.forEach(add)
            add(0xFF)
        }
        value = hash
    }

    /// Reads 16 lower-case hexadecimal digits; nil for everything else.
    package init?(_ text: String) {
        guard text.utf8.count == 16, text.utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) }),
            let value = UInt64(text, radix: 16)
        else { return nil }
        self.value = value
    }

    /// 16 hexadecimal digits, as Alertmanager prints it.
    package var description: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
