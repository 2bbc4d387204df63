// SPDX-License-Identifier: Apache-2.0
/// A credential that can't be printed by accident.
///
/// Its description, debug description and mirror all read `<secret>`, so it never reaches a log line, an error text
/// or a test failure. The text leaves only through `revealed`, which is easy to search for.
package struct SecretText: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The text itself; hand it only to the peer it is meant for.
    package let revealed: String

    /// Wraps a credential.
    package init(_ text: String) { revealed = text }

    package var description: String { "<secret>" }
    package var debugDescription: String { "<secret>" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
