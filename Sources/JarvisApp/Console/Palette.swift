// SPDX-License-Identifier: Apache-2.0

/// Colours for terminals; plain text everywhere else.
package struct Palette: Sendable {
    private let isColoured: Bool

    /// - Parameter isColoured: true only for a terminal whose user did not set `NO_COLOR`.
    package init(isColoured: Bool) { self.isColoured = isColoured }

    /// What matters in a line.
    package func strong(_ text: String) -> String { wrap(text, "1") }
    /// What can be overlooked.
    package func dim(_ text: String) -> String { wrap(text, "2") }
    /// Good news.
    package func good(_ text: String) -> String { wrap(text, "32") }
    /// Bad news.
    package func bad(_ text: String) -> String { wrap(text, "31") }
    /// Something to look at.
    package func warn(_ text: String) -> String { wrap(text, "33") }

    private func wrap(_ text: String, _ code: String) -> String {
        isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
