// SPDX-License-Identifier: Apache-2.0

import CSodium

/// Signatures with Ed25519 (RFC 8032).
package enum Ed25519 {
    /// Bytes in a seed, from which both keys follow.
    package static let seedByteCount = 32
    /// Bytes in a public key.
    package static let publicKeyByteCount = 32
    /// Bytes in a signature.
    package static let signatureByteCount = 64

    /// Signs with the key pair of one seed.
    package struct Signer: Sendable {
        /// The key that others check signatures with.
        package let publicKey: [UInt8]
        private let secretKey: [UInt8]

        /// Derives both keys; nil when the seed is not 32 bytes long.
        package init?(seed: [UInt8]) {
            guard seed.count == seedByteCount else { return nil }
            SodiumLibrary.require()
            var publicKey = [UInt8](repeating: 0, count: publicKeyByteCount)
            var secretKey = [UInt8](repeating: 0, count: 64)
            // Documented to return 0 always.
            _ = crypto_sign_ed25519_seed_keypair(&publicKey, &secretKey, seed)
            self.publicKey = publicKey
            self.secretKey = secretKey
        }

        /// The signature of `message`: 64 bytes, always the same for the same message.
        package func sign(_ message: [UInt8]) -> [UInt8] {
            SodiumLibrary.require()
            var signature = [UInt8](repeating: 0, count: signatureByteCount)
            // Documented to return 0 always.
            _ = crypto_sign_ed25519_detached(&signature, nil, message, UInt64(message.count), secretKey)
            return signature
        }
    }

    /// Whether `signature` is that of `message` under `publicKey`.
    ///
    /// libsodium refuses keys of small order and signatures in a second spelling.
    package static func isValid(_ signature: [UInt8], for message: [UInt8], publicKey: [UInt8]) -> Bool {
        guard signature.count == signatureByteCount, publicKey.count == publicKeyByteCount else { return false }
        SodiumLibrary.require()
        return crypto_sign_ed25519_verify_detached(signature, message, UInt64(message.count), publicKey) == 0
    }
}
