// SPDX-License-Identifier: Apache-2.0

import Cryptography
import JarvisCore

/// A text as it lies in a file of the spool: its length and a part of its digest, then the text.
///
/// Unsigned integers, least significant byte first: four bytes for the length, eight for the digest (SHA-256).
enum SpoolFrame {
    private static let digestBytes = 8
    private static let headBytes = 4 + digestBytes

    /// The bytes of a text.
    static func bytes(of text: [UInt8], _ what: String) throws(StoreError) -> [UInt8] {
        guard let length = UInt32(exactly: text.count) else { throw .corrupt(what: "\(what) is too long") }
        return withUnsafeBytes(of: length.littleEndian, Array.init) + SHA256.digest(of: text).prefix(digestBytes) + text
    }

    /// Takes a text from the front; nil where no whole one stands there.
    static func take(from rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        guard rest.count >= headBytes else { return nil }
        let length = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        let digest = rest.dropFirst(4).prefix(digestBytes)
        let text = Array(rest.dropFirst(headBytes).prefix(length))
        guard text.count == length, Array(SHA256.digest(of: text).prefix(digestBytes)) == Array(digest) else {
            return nil
        }
        rest = rest.dropFirst(headBytes + length)
        return text
    }
}
