// SPDX-License-Identifier: Apache-2.0

import JarvisCore

/// Turns a store's errors into answers.
enum StoredAnswer {
    /// What `body` gives; a store that can't be used now is 503, so that the caller tries again.
    static func of<Value>(_ body: () async throws(StoreError) -> Value) async throws -> Value {
        do {
            return try await body()
        } catch {
            throw HTTPRejection(
                .serviceUnavailable,
                error.isRetryable ? "not stored; try again" : "the store is at fault; look at the log",
                headers: ["Retry-After": "5"])
        }
    }
}
