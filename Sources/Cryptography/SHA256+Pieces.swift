// SPDX-License-Identifier: Apache-2.0

import CSodium

extension SHA256 {
    /// The digest of bytes that come in pieces, such as those of a large file.
    package struct Pieces {
        private var state = crypto_hash_sha256_state()

        /// The digest of nothing yet.
        package init() {
            SodiumLibrary.require()
            // Documented to return 0 always, as are the calls below.
            _ = crypto_hash_sha256_init(&state)
        }

        /// Adds the next piece.
        package mutating func add(_ bytes: UnsafeRawBufferPointer) {
            _ = crypto_hash_sha256_update(
                &state, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count))
        }

        /// The digest of everything added so far, as 64 lower-case hexadecimal digits.
        package func hexDigest() -> String {
            var state = state
            var digest = [UInt8](repeating: 0, count: SHA256.byteCount)
            _ = crypto_hash_sha256_final(&state, &digest)
            return hexadecimal(digest)
        }
    }
}
