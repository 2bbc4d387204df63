// SPDX-License-Identifier: Apache-2.0

/// A secret known by its value, found in linear time (Knuth, Morris, Pratt).
struct KnownValue: Sendable {
    private let forwards: Needle
    private let backwards: Needle

    init(_ value: String) {
        forwards = Needle(Array(value.utf8))
        backwards = Needle(value.utf8.reversed())
    }

    /// Every occurrence; beside a gap also a beginning or an end of more than four bytes.
    func occurrences(in text: ScannedText) -> [Range<Int>] {
        let length = forwards.bytes.count
        var found: [Range<Int>] = []
        var matched = 0
        for position in text.start..<text.end {
            matched = forwards.next(matched, text.bytes[position])
            if matched == length { found.append(position + 1 - length..<position + 1) }
        }
        if text.endsAtGap, matched > 4, matched < length { found.append(text.end - matched..<text.end) }
        guard text.startsAtGap else { return found }
        // The longest end of the value that the text begins with lies within its first bytes; the line break of the
        // gap is not part of it.
        let first = min(text.start + 1, text.end)
        var rest = 0
        for position in (first..<min(text.end, first + length)).reversed() {
            rest = backwards.next(rest, text.bytes[position])
        }
        if rest > 4 { found.append(first..<first + rest) }
        return found
    }

    private struct Needle: Sendable {
        let bytes: [UInt8]
        private var borders: [Int]

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
            borders = [0]
            for index in bytes.indices.dropFirst() {
                var length = borders[index - 1]
                while length > 0, bytes[length] != bytes[index] { length = borders[length - 1] }
                borders.append(bytes[length] == bytes[index] ? length + 1 : 0)
            }
        }

        func next(_ matched: Int, _ byte: UInt8) -> Int {
            var matched = matched == bytes.count ? borders[matched - 1] : matched
            while matched > 0, bytes[matched] != byte { matched = borders[matched - 1] }
            return bytes[matched] == byte ? matched + 1 : 0
        }
    }
}
