// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Calls `body` with a NULL-terminated array of C strings, as exec wants it.
///
/// A word is cut at a NUL byte; callers refuse such words before.
func withCStrings<Value>(
    _ words: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Value
) -> Value {
    var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    pointers.append(nil)
    defer { for pointer in pointers { free(pointer) } }
    return pointers.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { preconditionFailure("the array holds at least its end") }
        return body(base)
    }
}

extension [String: String] {
    /// `NAME=value` words in a stable order.
    var environmentWords: [String] { map { "\($0)=\($1)" }.sorted() }
}
