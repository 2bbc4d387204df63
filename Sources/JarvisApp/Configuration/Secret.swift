// SPDX-License-Identifier: Apache-2.0

/// A password or token.
///
/// It shows itself as `<secret>` in every description, dump and mirror, and can't be encoded; only the code that hands
/// it to its peer calls `reveal()`.
package struct Secret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let text: String

    /// Wraps a secret text.
    package init(_ text: String) { self.text = text }

    /// The secret itself, for the one place that needs it.
    package func reveal() -> String { text }

    /// Always `<secret>`.
    package var description: String { "<secret>" }

    /// Always `<secret>`.
    package var debugDescription: String { "<secret>" }

    /// Shows no children.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
