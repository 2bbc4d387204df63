// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Testing

@Suite struct `Sealed boxes` {
    private static func bytes(_ text: String) -> [UInt8] {
        let digits = Array(text)
        return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...($0 + 1)]), radix: 16) }
    }

    // draft-irtf-cfrg-xchacha-03, appendix A.3.1.
    private static let key = Array<UInt8>(0x80...0x9f)
    private static let context = bytes("50515253c0c1c2c3c4c5c6c7")
    private static let sealed =
        Array<UInt8>(0x40...0x57)
        + bytes(
            "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39"
                + "ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
                + "21f9664c97637da9768812f615c68b13b52e" + "c0875924c1c7987947deafd8780acf49")
    private static let message =
        "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it."

    @Test func `are those of the draft`() throws {
        let box = try #require(SealedBox(key: Self.key))
        let opened = box.open(Self.sealed, context: Self.context)
        #expect(opened.map { String(decoding: $0, as: UTF8.self) } == Self.message)
    }

    @Test func `open only as they were sealed`() throws {
        let box = try #require(SealedBox(key: Self.key))
        let other = try #require(SealedBox(key: Self.key.reversed()))
        for message in [[], [7], Array(Self.message.utf8)] as [[UInt8]] {
            let sealed = box.seal(message, context: [1, 2])
            #expect(box.open(sealed, context: [1, 2]) == message)
            #expect(sealed != box.seal(message, context: [1, 2]), "a nonce was used twice")
            #expect(other.open(sealed, context: [1, 2]) == nil)
            #expect(box.open(sealed, context: [1, 3]) == nil)
            for index in sealed.indices {
                var changed = sealed
                changed[index] ^= 1
                #expect(box.open(changed, context: [1, 2]) == nil)
            }
            #expect(box.open(Array(sealed.dropLast()), context: [1, 2]) == nil)
        }
        #expect(box.open([], context: []) == nil)
        #expect(SealedBox(key: [1]) == nil)
    }
}
