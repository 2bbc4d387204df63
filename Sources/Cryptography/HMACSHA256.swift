// SPDX-License-Identifier: Apache-2.0

import CSodium

/// HMAC with SHA-256 (RFC 2104, RFC 4231).
package enum HMACSHA256 {
    /// The authentication code of `message` under a key of any length: 32 bytes.
    package static func code(of message: [UInt8], key: [UInt8]) -> [UInt8] {
        SodiumLibrary.require()
        var state = crypto_auth_hmacsha256_state()
        var code = [UInt8](repeating: 0, count: SHA256.byteCount)
        // The one-shot call takes keys of 32 bytes only. All three are documented to return 0 always.
        _ = crypto_auth_hmacsha256_init(&state, key, key.count)
        _ = crypto_auth_hmacsha256_update(&state, message, UInt64(message.count))
        _ = crypto_auth_hmacsha256_final(&state, &code)
        return code
    }

    /// Whether `code` is the authentication code of `message`, compared in constant time.
    package static func isValid(_ code: [UInt8], for message: [UInt8], key: [UInt8]) -> Bool {
        ConstantTime.equal(code, self.code(of: message, key: key))
    }
}
