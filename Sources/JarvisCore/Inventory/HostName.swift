// SPDX-License-Identifier: Apache-2.0

/// A host's name in the inventory: lower-case letters, digits, `-` and `.`, at most 63 characters.
package struct HostName: Sendable, Hashable, Comparable, StoredAsText {
    /// See `StoredAsText`.
    package static let textName = "a host name"

    /// The name.
    package let text: String

    /// The machine Jarvis runs on, reached without SSH.
    package static let local = HostName(unchecked: "local")

    private init(unchecked text: String) { self.text = text }

    /// Accepts a name; nil for everything else.
    package init?(_ text: String) {
        let allowed = "abcdefghijklmnopqrstuvwxyz0123456789-.".utf8
        guard let first = text.utf8.first, text.utf8.count <= 63, first != UInt8(ascii: "-"),
            first != UInt8(ascii: "."),
            text.utf8.allSatisfy({ allowed.contains($0) })
        else { return nil }
        self.text = text
    }

    /// Alphabetical.
    package static func < (left: Self, right: Self) -> Bool { left.text < right.text }

    /// The name.
    package var description: String { text }
}
