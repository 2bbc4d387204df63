// SPDX-License-Identifier: Apache-2.0

/// The head and the tail of a stream of bytes, with a count of what was left out between them.
///
/// Its memory is bounded by `head + 2 * tail` bytes whatever is appended.
struct BoundedOutput: Sendable {
    private let limit: OutputLimit
    private var head: [UInt8] = []
    private var tail: [UInt8] = []
    private(set) var total = 0

    init(limit: OutputLimit) { self.limit = limit }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        total += bytes.count
        let headRoom = min(limit.head - head.count, bytes.count)
        head.append(contentsOf: bytes.prefix(headRoom))
        tail.append(contentsOf: bytes.dropFirst(headRoom).suffix(limit.tail))
        // Trimming at twice the size keeps the moving of bytes proportional to what is read.
        if tail.count > 2 * limit.tail { tail.removeFirst(tail.count - limit.tail) }
    }

    var leftOut: Int { total - head.count - min(tail.count, limit.tail) }

    /// What was kept as text; malformed UTF-8 becomes U+FFFD, a gap becomes a line that says its size.
    var text: String {
        guard leftOut > 0 else { return String(decoding: head + tail, as: UTF8.self) }
        return String(decoding: head, as: UTF8.self) + "\n… \(leftOut) bytes left out …\n"
            + String(decoding: tail.suffix(limit.tail), as: UTF8.self)
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
