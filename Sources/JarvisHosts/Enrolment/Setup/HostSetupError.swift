// SPDX-License-Identifier: Apache-2.0

/// Why no script is made for a host; a sentence with what to do.
package struct HostSetupError: Error, Equatable, CustomStringConvertible {
    /// What is wrong.
    package let description: String

    /// Says it in a sentence.
    package init(_ description: String) { self.description = description }
}
