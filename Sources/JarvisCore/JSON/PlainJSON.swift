// SPDX-License-Identifier: Apache-2.0

/// Reads ordinary JSON fast, for the one path where `JSONDecoder` would be most of the work.
///
/// It is strict, and gives up (nil, false) on everything that is unusual: callers then ask `JSONDecoder`, whose word
/// counts. So it need not agree with it on what is faulty, only on what it reads. No recursion, no memory beyond the
/// strings it returns.
package struct PlainJSON {
    /// Objects and arrays inside of each other in a value that is passed over.
    private static let maximumDepth = 60

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    /// Lends a reader at the beginning of `bytes`; nil from `body` means that it gave up.
    package static func read<Result>(_ bytes: [UInt8], _ body: (inout PlainJSON) -> Result?) -> Result? {
        bytes.withUnsafeBufferPointer { buffer in
            var reader = PlainJSON(bytes: buffer)
            return body(&reader)
        }
    }

    private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// Nothing but white space is left.
    package mutating func isAtEnd() -> Bool {
        skipBlanks()
        return position == bytes.count
    }

    /// Reads an object; `member` reads the value of each key and says whether it could.
    package mutating func object(_ member: (inout PlainJSON, String) -> Bool) -> Bool {
        guard take(UInt8(ascii: "{")) else { return false }
        if take(UInt8(ascii: "}")) { return true }
        repeat {
            guard let key = string(), take(UInt8(ascii: ":")), member(&self, key) else { return false }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}"))
    }

    /// Reads an array; `element` reads each element and says whether it could.
    package mutating func array(_ element: (inout PlainJSON) -> Bool) -> Bool {
        guard take(UInt8(ascii: "[")) else { return false }
        if take(UInt8(ascii: "]")) { return true }
        repeat { guard element(&self) else { return false } } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "]"))
    }

    /// Reads an object whose values are strings; gives up on two keys that Swift takes for the same.
    package mutating func strings() -> [String: String]? {
        var pairs: [String: String] = [:]
        let isRead = object { reader, key in
            guard let value = reader.string() else { return false }
            return pairs.updateValue(value, forKey: key) == nil
        }
        return isRead ? pairs : nil
    }

    /// Reads a string.
    package mutating func string() -> String? {
        skipBlanks()
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { return nil }
        let start = position + 1
        var end = start
        while end < bytes.count {
            let byte = bytes[end]
            if byte == UInt8(ascii: "\"") {
                position = end + 1
                return String(validating: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self)
            }
            if byte == UInt8(ascii: "\\") {
                position = end
                return escapedString(from: start)
            }
            if byte < 0x20 { return nil }
            end += 1
        }
        return nil
    }

    /// Reads a number that is not too long to be exact in `Double`'s own parser.
    package mutating func number() -> Double? {
        skipBlanks()
        let start = position
        guard skipNumber() else { return nil }
        return Double(String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self))
    }

    /// Passes over any value.
    package mutating func skipValue() -> Bool {
        // A bit for each container that is open: 1 for an object.
        var objects: UInt64 = 0
        var depth = 0
        while true {
            // A value begins here.
            skipBlanks()
            guard position < bytes.count else { return false }
            switch bytes[position] {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                let isObject = bytes[position] == UInt8(ascii: "{")
                position += 1
                if take(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) { break }
                guard depth < Self.maximumDepth else { return false }
                objects = objects << 1 | (isObject ? 1 : 0)
                depth += 1
                if isObject { guard skipKey() else { return false } }
                continue
            case UInt8(ascii: "\""): guard string() != nil else { return false }
            case UInt8(ascii: "t"): guard skipWord("true") else { return false }
            case UInt8(ascii: "f"): guard skipWord("false") else { return false }
            case UInt8(ascii: "n"): guard skipWord("null") else { return false }
            default: guard skipNumber() else { return false }
            }
            // A value has ended: go on with the next one beside it, or end what encloses it.
            while true {
                guard depth > 0 else { return true }
                let isObject = objects & 1 == 1
                if take(UInt8(ascii: ",")) {
                    if isObject { guard skipKey() else { return false } }
                    break
                }
                guard take(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { return false }
                objects >>= 1
                depth -= 1
            }
        }
    }

    private mutating func skipKey() -> Bool { string() != nil && take(UInt8(ascii: ":")) }

    private mutating func skipBlanks() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipBlanks()
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipWord(_ word: StaticString) -> Bool {
        let length = word.utf8CodeUnitCount
        guard position + length <= bytes.count else { return false }
        for offset in 0..<length where bytes[position + offset] != word.utf8Start[offset] { return false }
        position += length
        return true
    }

    /// The grammar of RFC 8259, and no more characters than a number of a sender ever has.
    private mutating func skipNumber() -> Bool {
        let start = position
        if peek() == UInt8(ascii: "-") { position += 1 }
        if peek() == UInt8(ascii: "0") { position += 1 } else { guard skipDigits() else { return false } }
        if peek() == UInt8(ascii: ".") {
            position += 1
            guard skipDigits() else { return false }
        }
        if peek() == UInt8(ascii: "e") || peek() == UInt8(ascii: "E") {
            position += 1
            if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { position += 1 }
            guard skipDigits() else { return false }
        }
        return position - start <= 32
    }

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipDigits() -> Bool {
        let start = position
        while let byte = peek(), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        return position > start
    }
}

extension PlainJSON {
    /// Goes on with a string at its first backslash.
    private mutating func escapedString(from start: Int) -> String? {
        var text = Array(bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(validating: text, as: UTF8.self)
            case UInt8(ascii: "\\"): guard takeEscape(&text) else { return nil }
            case 0..<0x20: return nil
            default: text.append(byte)
            }
        }
        return nil
    }

    private mutating func takeEscape(_ text: inout [UInt8]) -> Bool {
        guard let byte = peek() else { return false }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "u"):
            guard var scalar = takeHex() else { return false }
            if (0xD800..<0xDC00).contains(scalar) {
                guard peek() == UInt8(ascii: "\\") else { return false }
                position += 1
                guard peek() == UInt8(ascii: "u") else { return false }
                position += 1
                guard let low = takeHex(), (0xDC00..<0xE000).contains(low) else { return false }
                scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
            }
            // A lone low surrogate is no scalar.
            guard let value = Unicode.Scalar(scalar) else { return false }
            text.append(contentsOf: UTF8.encode(value) ?? UTF8.encodedReplacementCharacter)
        default: return false
        }
        return true
    }

    private mutating func takeHex() -> UInt32? {
        guard position + 4 <= bytes.count else { return nil }
        var value: UInt32 = 0
        for _ in 0..<4 {
            let digit: UInt8
            switch bytes[position] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = bytes[position] - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = bytes[position] - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = bytes[position] - UInt8(ascii: "A") + 10
            default: return nil
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
