// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Why a program did not start; when this is thrown, nothing ran.
package struct SpawnError: Error, Equatable, CustomStringConvertible {
    /// What could not be done.
    package enum Stage: String, Sendable {
        /// Opening `/dev/null` or a pipe.
        case descriptors = "its pipes could not be opened"
        /// Starting the thread that looks after it.
        case thread = "the thread that looks after it could not be started"
        /// fork or exec.
        case execution = "the program could not be started"
    }

    /// What could not be done.
    package let stage: Stage
    /// The cause, from errno(3).
    package let number: Int32

    /// One sentence with the system's own reason.
    package var description: String { "\(stage.rawValue): \(systemErrorText(number))" }

    static func check(_ result: Int32, _ stage: Stage) throws(SpawnError) {
        guard result == 0 else { throw SpawnError(stage: stage, number: result) }
    }
}

/// The system's text for an errno value.
func systemErrorText(_ number: Int32) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
        guard let start = buffer.baseAddress, strerror_r(number, start, buffer.count) == 0 else {
            return "error \(number)"
        }
        return String(cString: start)
    }
}
