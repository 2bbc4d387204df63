// SPDX-License-Identifier: Apache-2.0

import JarvisCore

/// The head and the tail of a stream of bytes, with a count of what was left out between them.
///
/// Its memory is bounded by `head + 2 * tail` bytes and a few whatever is appended. What the cut goes through is left out
/// as well: half a word may be half a secret, which nothing recognises any more.
struct BoundedOutput: Sendable {
    private let limit: OutputLimit
    private var head: [UInt8] = []
    /// One byte more than is kept, which tells whether the tail begins in the middle of a word.
    private var tail: [UInt8] = []
    private var firstAfterHead: UInt8?
    private(set) var total = 0

    init(limit: OutputLimit) { self.limit = limit }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        total += bytes.count
        let headRoom = min(limit.head - head.count, bytes.count)
        head.append(contentsOf: bytes.prefix(headRoom))
        if firstAfterHead == nil { firstAfterHead = bytes.dropFirst(headRoom).first }
        tail.append(contentsOf: bytes.dropFirst(headRoom).suffix(limit.tail + 1))
        // Trimming at twice the size keeps the moving of bytes proportional to what is read.
        if tail.count > 2 * limit.tail + 1 { tail.removeFirst(tail.count - limit.tail - 1) }
    }

    /// What was kept as text; malformed UTF-8 becomes U+FFFD, a gap becomes a line that says its size.
    var text: String {
        guard total > head.count + min(tail.count, limit.tail) else {
            return String(decoding: head + tail, as: UTF8.self)
        }
        let head = wholeHead
        let tail = wholeTail
        return String(decoding: head, as: UTF8.self) + OutputGap.line(bytes: total - head.count - tail.count)
            + String(decoding: tail, as: UTF8.self)
    }

    /// Without the word that the cut goes through.
    private var wholeHead: ArraySlice<UInt8> {
        if let firstAfterHead, Self.isBorder(firstAfterHead) { return head[...] }
        return head.prefix((head.lastIndex(where: Self.isBorder) ?? -1) + 1)
    }

    /// Without the line that the cut goes through; without the string or the word where lines are long.
    private var wholeTail: ArraySlice<UInt8> {
        let kept = tail.suffix(limit.tail)
        if kept.startIndex > 0, [0, UInt8(ascii: "\n")].contains(tail[kept.startIndex - 1]) { return kept }
        if let end = kept.prefix(4096).firstIndex(of: UInt8(ascii: "\n")) { return kept[end...] }
        let quote = zip(kept.indices, zip(kept, kept.dropFirst())).first {
            $0.1.0 == UInt8(ascii: "\"") && Self.afterString.contains($0.1.1)
        }
        if let quote, quote.0 - kept.startIndex < 4096 { return kept[quote.0...] }
        return kept[(kept.firstIndex(where: Self.isBorder) ?? kept.endIndex)...]
    }

    private static let afterString = Array(",:}]".utf8)

    private static func isBorder(_ byte: UInt8) -> Bool {
        byte <= UInt8(ascii: " ")
            || [UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: ","), UInt8(ascii: ";")].contains(byte)
    }
}

/// How much of one output stream is kept.
package struct OutputLimit: Sendable, Equatable {
    /// Bytes kept from the start.
    package let head: Int
    /// Bytes kept from the end.
    package let tail: Int

    /// Keeps 64 KiB of each end unless told otherwise.
    package init(head: Int = 64 * 1024, tail: Int = 64 * 1024) {
        self.head = max(0, head)
        self.tail = max(0, tail)
    }
}
