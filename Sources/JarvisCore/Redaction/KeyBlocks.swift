// SPDX-License-Identifier: Apache-2.0

/// PEM blocks: private ones are secret as a whole; public ones are no tokens, however random they look.
struct KeyBlocks {
    private(set) var secret: [Range<Int>] = []
    private(set) var open: [Range<Int>] = []

    private static let begin = Array("-----BEGIN ".utf8)
    private static let end = Array("-----END ".utf8)
    private static let dashes = Array("-----".utf8)

    mutating func scan(_ text: ScannedText) {
        var position = text.start
        var floor = text.start
        while position < text.end {
            guard text.bytes[position] == UInt8(ascii: "-") else {
                position += 1
                continue
            }
            if text.has(Self.begin, at: position) {
                let end = Self.endOfBlock(text, from: position + Self.begin.count)
                if Self.isPrivate(text, label: position + Self.begin.count) {
                    secret.append(position..<(end ?? text.end))
                } else if let end {
                    open.append(position..<end)
                }
                // An open block without an end hides nothing; what is in it is looked at as usual.
                position =
                    Self.isPrivate(text, label: position + Self.begin.count)
                    ? (end ?? text.end) : (end ?? position + Self.begin.count)
                floor = position
            } else if text.has(Self.end, at: position) {
                if Self.isPrivate(text, label: position + Self.end.count) {
                    secret.append(Self.beginOfBody(text, before: position, floor: floor)..<position)
                }
                position += Self.end.count
                floor = position
            } else {
                position += 1
            }
        }
    }

    private static func isPrivate(_ text: ScannedText, label: Int) -> Bool {
        var last = label
        while last < label + 64, last < text.end, text.bytes[last] != UInt8(ascii: "-") { last += 1 }
        let name = text.lowercased(label..<last)
        return name.contains("private key") || name.contains("static key") || name.contains("secret key")
    }

    /// Behind the block's last dashes; nil when anything but base64 and head lines comes first.
    private static func endOfBlock(_ text: ScannedText, from label: Int) -> Int? {
        var position = label
        while position < text.end {
            if text.bytes[position] == UInt8(ascii: "-"), text.has(end, at: position) {
                position += end.count
                while position < text.end, !ByteSet.lineEnds.contains(text.bytes[position]) {
                    if text.has(dashes, at: position) { return position + dashes.count }
                    position += 1
                }
                return position
            }
            // A further block begins: this one has no end.
            if text.bytes[position] == UInt8(ascii: "-"), text.has(begin, at: position) { return nil }
            position += 1
        }
        return nil
    }

    /// Where the base64 before an end without a beginning began.
    private static func beginOfBody(_ text: ScannedText, before position: Int, floor: Int) -> Int {
        var first = position
        while first > floor, ByteSet.base64Lines.contains(text[first - 1]) { first -= 1 }
        return first
    }
}
