// SPDX-License-Identifier: Apache-2.0

/// The line that stands where the middle of a long output was left out.
package enum OutputGap {
    private static let beginning = Array("\n… ".utf8)
    private static let ending = Array(" bytes left out …\n".utf8)

    /// The line, with a line break on both sides.
    package static func line(bytes count: Int) -> String { "\n… \(count) bytes left out …\n" }

    /// What lies between such lines.
    static func parts(of bytes: [UInt8]) -> [ScannedText] {
        let all = ScannedText(bytes: bytes, start: 0, end: bytes.count)
        var parts: [ScannedText] = []
        var start = 0
        var position = 0
        while position < bytes.count {
            if bytes[position] == 0x0A, all.has(beginning, at: position) {
                let digits = position + beginning.count
                let last = all.skip(.digits, from: digits, limit: 19)
                if last > digits, all.has(ending, at: last) {
                    parts.append(
                        ScannedText(
                            bytes: bytes, start: start, end: position, startsAtGap: start > 0, endsAtGap: true))
                    // The line break stays, so that what follows begins a line.
                    start = last + ending.count - 1
                    position = start
                    continue
                }
            }
            position += 1
        }
        parts.append(ScannedText(bytes: bytes, start: start, end: bytes.count, startsAtGap: start > 0))
        return parts
    }
}
