// SPDX-License-Identifier: Apache-2.0

/// A value that is stored and sent as its text, and taken only from a text that is one of its own.
package protocol StoredAsText: Codable, LosslessStringConvertible {
    /// What its text is, as in "not a host name".
    static var textName: String { get }
}

extension StoredAsText {
    /// Reads the text; everything else is corrupt.
    package init(from decoder: any Decoder) throws {
        guard let value = Self(try decoder.singleValueContainer().decode(String.self)) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not \(Self.textName)"))
        }
        self = value
    }

    /// Stored as its text.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
