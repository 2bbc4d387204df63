// SPDX-License-Identifier: Apache-2.0

/// JSON strings (RFC 8259, section 7), byte by byte: judging reads and writes a hundred thousand a second.
enum JSONText {
    /// Appends a text as a JSON string.
    static func append(_ text: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                output.append(UInt8(ascii: "\\"))
                output.append(byte)
            case 0..<0x20:
                output.append(contentsOf: Array("\\u00".utf8))
                output.append(hexadecimal[Int(byte >> 4)])
                output.append(hexadecimal[Int(byte & 15)])
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }

    /// The text of a line that is one JSON string; nil for everything else, lone surrogates and bad UTF-8 included.
    static func read(_ line: ArraySlice<UInt8>) -> String? {
        var bytes = line
        while let last = bytes.last, isBlank(last) { bytes.removeLast() }
        while let first = bytes.first, isBlank(first) { bytes.removeFirst() }
        guard bytes.count >= 2, bytes.removeFirst() == UInt8(ascii: "\""), bytes.removeLast() == UInt8(ascii: "\"")
        else { return nil }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        while let byte = bytes.popFirst() {
            switch byte {
            case 0..<0x20, UInt8(ascii: "\""): return nil
            case UInt8(ascii: "\\"):
                guard let escape = bytes.popFirst(), let scalar = scalar(escape, &bytes) else { return nil }
                text.append(contentsOf: Array(String(scalar).utf8))
            default: text.append(byte)
            }
        }
        return String(validating: text, as: UTF8.self)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

    private static func scalar(_ escape: UInt8, _ rest: inout ArraySlice<UInt8>) -> UnicodeScalar? {
        switch escape {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return UnicodeScalar(escape)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            guard let unit = unit(&rest) else { return nil }
            guard (0xD800..<0xDC00).contains(unit) else { return UnicodeScalar(unit) }
            guard rest.popFirst() == UInt8(ascii: "\\"), rest.popFirst() == UInt8(ascii: "u"),
                let low = self.unit(&rest),
                (0xDC00..<0xE000).contains(low)
            else { return nil }
            return UnicodeScalar(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
        default: return nil
        }
    }

    private static func unit(_ rest: inout ArraySlice<UInt8>) -> UInt32? {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = rest.popFirst() else { return nil }
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: return nil
            }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }

    private static let hexadecimal = Array("0123456789abcdef".utf8)
}
