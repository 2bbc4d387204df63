// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Why a file or directory of Jarvis' own could not be prepared.
package struct FileError: Error, Equatable, CustomStringConvertible {
    /// The path concerned.
    package let path: String
    /// What is wrong, in words.
    package let reason: String

    /// Path and reason.
    package var description: String { "\(path): \(reason)" }

    static func system(_ path: String) -> FileError { FileError(path: path, reason: systemErrorText(errno)) }
}
