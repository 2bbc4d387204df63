// SPDX-License-Identifier: Apache-2.0

import CSodium

/// Authenticated encryption under one key: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha).
package struct SealedBox: Sendable {
    /// Bytes in a key.
    package static let keyByteCount = 32
    private static let nonceByteCount = 24
    private static let tagByteCount = 16

    private let key: [UInt8]

    /// Seals and opens under this key; nil when it is not 32 bytes long.
    package init?(key: [UInt8]) {
        guard key.count == Self.keyByteCount else { return nil }
        SodiumLibrary.require()
        self.key = key
    }

    /// The nonce, drawn anew, with the encrypted message and its tag; `context` is authenticated and not part of it.
    package func seal(_ message: [UInt8], context: [UInt8]) -> [UInt8] {
        // Long enough to be drawn at random for every message under one key.
        let nonce = SecureRandom.bytes(Self.nonceByteCount)
        var sealed = [UInt8](repeating: 0, count: message.count + Self.tagByteCount)
        var length: UInt64 = 0
        // Documented to return 0 always.
        _ = crypto_aead_xchacha20poly1305_ietf_encrypt(
            &sealed, &length, message, UInt64(message.count), context, UInt64(context.count), nil, nonce, key)
        return nonce + sealed
    }

    /// The message; nil when it was not sealed under this key and context, or was changed since.
    package func open(_ sealed: [UInt8], context: [UInt8]) -> [UInt8]? {
        guard sealed.count >= Self.nonceByteCount + Self.tagByteCount else { return nil }
        let nonce = Array(sealed.prefix(Self.nonceByteCount))
        let body = Array(sealed.dropFirst(Self.nonceByteCount))
        var message = [UInt8](repeating: 0, count: body.count - Self.tagByteCount)
        var length: UInt64 = 0
        let status = crypto_aead_xchacha20poly1305_ietf_decrypt(
            &message, &length, nil, body, UInt64(body.count), context, UInt64(context.count), nonce, key)
        return status == 0 ? message : nil
    }
}
