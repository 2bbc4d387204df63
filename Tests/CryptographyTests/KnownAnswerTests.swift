// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Testing

@Suite struct `Known answers` {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `SHA-256 gives the digests of FIPS 180-4`(text: String, expected: String) {
        #expect(SHA256.hexDigest(of: Array(text.utf8)) == expected)
        #expect(SHA256.digest(of: Array(text.utf8)).count == SHA256.byteCount)
    }

    // Cases 1, 2, 3 and 6 of RFC 4231: short keys, and one longer than a block.
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xaa, count: 20), [UInt8](repeating: 0xdd, count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        (
            [UInt8](repeating: 0xaa, count: 131), Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ])
    func `HMAC-SHA-256 gives the codes of RFC 4231`(key: [UInt8], message: [UInt8], expected: String) {
        let code = HMACSHA256.code(of: message, key: key)
        #expect(code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() == expected)
        #expect(HMACSHA256.isValid(code, for: message, key: key))
        #expect(!HMACSHA256.isValid(code, for: message + [0], key: key))
        #expect(!HMACSHA256.isValid(Array(code.dropLast()), for: message, key: key))
    }

    @Test func `bytes are equal only when every byte and the length are`() {
        #expect(ConstantTime.equal([], []))
        #expect(ConstantTime.equal([1, 2, 3], [1, 2, 3]))
        #expect(!ConstantTime.equal([1, 2, 3], [1, 2, 4]))
        #expect(!ConstantTime.equal([1, 2, 3], [0, 2, 3]))
        #expect(!ConstantTime.equal([1, 2], [1, 2, 0]))
        #expect(!ConstantTime.equal([], [0]))
    }

    @Test func `random bytes have the length asked for and do not repeat`() async {
        #expect(SecureRandom.bytes(0).isEmpty)
        // From many tasks at once: the library initialises itself once, whoever comes first.
        let drawn = await withTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<64 { group.addTask { SecureRandom.bytes(16) } }
            return await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
        }
        #expect(drawn.count == 64)
        #expect(drawn.allSatisfy { $0.count == 16 })
        #expect(SecureRandom.hexadecimalText(bytes: 8).utf8.count == 16)
    }
}

@Suite struct `Signatures` {
    private static func bytes(_ text: String) -> [UInt8] {
        let digits = Array(text)
        return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...($0 + 1)]), radix: 16) }
    }

    // TEST 1, 2 and 3 of RFC 8032 section 7.1.
    @Test(arguments: [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ])
    func `are those of RFC 8032`(seed: String, publicKey: String, message: String, signature: String) throws {
        let signer = try #require(Ed25519.Signer(seed: Self.bytes(seed)))
        #expect(signer.publicKey == Self.bytes(publicKey))
        #expect(signer.sign(Self.bytes(message)) == Self.bytes(signature))
        #expect(Ed25519.isValid(Self.bytes(signature), for: Self.bytes(message), publicKey: signer.publicKey))
        #expect(!Ed25519.isValid(Self.bytes(signature), for: Self.bytes(message) + [0], publicKey: signer.publicKey))
    }

    @Test func `of another length, and keys of another length, are never valid`() throws {
        let signer = try #require(Ed25519.Signer(seed: [UInt8](repeating: 7, count: 32)))
        let signature = signer.sign([1])
        for count in [0, 63, 65] {
            let wrong = Array((signature + [0]).prefix(count))
            #expect(!Ed25519.isValid(wrong, for: [1], publicKey: signer.publicKey))
        }
        #expect(!Ed25519.isValid(signature, for: [1], publicKey: Array(signer.publicKey.dropLast())))
        // A key of small order would accept one signature for many messages.
        #expect(!Ed25519.isValid(signature, for: [1], publicKey: [UInt8](repeating: 0, count: 32)))
        #expect(Ed25519.Signer(seed: [1]) == nil)
    }
}
