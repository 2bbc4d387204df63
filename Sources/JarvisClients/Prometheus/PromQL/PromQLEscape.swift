// SPDX-License-Identifier: Apache-2.0
/// The escapes of Go's string literals, which PromQL uses.
enum PromQLEscape {
    private static let simple: [UInt8: UInt8] = [
        UInt8(ascii: "a"): 0x07, UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C, UInt8(ascii: "n"): 0x0A,
        UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09, UInt8(ascii: "v"): 0x0B,
        UInt8(ascii: "\\"): UInt8(ascii: "\\"),
    ]

    /// Reads what follows a backslash and moves `position` behind it; nil for what Go refuses.
    static func read(_ bytes: [UInt8], at position: inout Int, quote: UInt8) -> [UInt8]? {
        guard position < bytes.count else { return nil }
        let kind = bytes[position]
        if kind == quote {
            position += 1
            return [quote]
        }
        if let byte = simple[kind] {
            position += 1
            return [byte]
        }
        switch kind {
        case UInt8(ascii: "x"):
            position += 1
            return digits(2, radix: 16, bytes, &position).flatMap(UInt8.init(exactly:)).map { [$0] }
        case UInt8(ascii: "u"), UInt8(ascii: "U"):
            position += 1
            let value = digits(kind == UInt8(ascii: "u") ? 4 : 8, radix: 16, bytes, &position)
            return value.flatMap(Unicode.Scalar.init).map { Array(String($0).utf8) }
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            return digits(3, radix: 8, bytes, &position).flatMap(UInt8.init(exactly:)).map { [$0] }
        default: return nil
        }
    }

    private static func digits(_ count: Int, radix: Int, _ bytes: [UInt8], _ position: inout Int) -> UInt32? {
        guard position + count <= bytes.count else { return nil }
        let text = bytes[position..<position + count]
        position += count
        // The standard library would accept a sign.
        guard text.allSatisfy(\.isPromQLNameByte) else { return nil }
        return UInt32(String(decoding: text, as: UTF8.self), radix: radix)
    }
}
