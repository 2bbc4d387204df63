// SPDX-License-Identifier: Apache-2.0

/// Writes ordinary JSON fast, byte for byte as `JSONEncoder` does with sorted keys and plain slashes.
///
/// What it would have to know more about (names that are not ASCII, whose order is the encoder's own; rare control
/// characters) makes it give up: callers then ask `JSONEncoder`.
package struct PlainJSONText {
    private var bytes: [UInt8] = []
    private var hasGivenUp = false

    /// Begins a text that will have about so many bytes.
    package init(capacity: Int) { bytes.reserveCapacity(capacity) }

    /// The text; nil when it gave up.
    package var text: String? { hasGivenUp ? nil : String(decoding: bytes, as: UTF8.self) }

    /// Appends punctuation and names that need no escape.
    package mutating func raw(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends text that needs no escape.
    package mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// Appends a string.
    package mutating func string(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        let isPlain = text.withUTF8 { utf8 -> Bool in
            guard utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) else {
                return false
            }
            bytes.append(contentsOf: utf8)
            return true
        }
        if !isPlain { escape(text) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Appends a finite number.
    package mutating func number(_ value: Double) {
        guard value.isFinite else {
            hasGivenUp = true
            return
        }
        let text = value.description
        raw(text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
    }

    /// Appends an object of strings; they must be sorted by the bytes of their names.
    package mutating func object(_ pairs: [(name: String, value: String)]) {
        raw("{")
        for (place, pair) in pairs.enumerated() {
            if place > 0 { raw(",") }
            if !pair.name.utf8.allSatisfy({ $0 < 0x80 }) { hasGivenUp = true }
            string(pair.name)
            raw(":")
            string(pair.value)
        }
        raw("}")
    }

    private mutating func escape(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): raw("\\\"")
            case UInt8(ascii: "\\"): raw("\\\\")
            case 0x0A: raw("\\n")
            case 0x0D: raw("\\r")
            case 0x09: raw("\\t")
            case 0..<0x20: hasGivenUp = true
            default: bytes.append(byte)
            }
        }
    }
}
