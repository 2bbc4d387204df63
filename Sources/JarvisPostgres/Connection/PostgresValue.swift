// SPDX-License-Identifier: Apache-2.0

/// A value as it is sent: in text form, NULL for nil.
package struct PostgresValue: Sendable, Equatable {
    let text: String?

    /// NULL.
    package static let null = PostgresValue(text: nil)

    /// An integer.
    package static func integer(_ value: Int64) -> Self { PostgresValue(text: String(value)) }

    /// Text for a `text` column.
    package static func text(_ value: String) -> Self { PostgresValue(text: NulText.encoded(value)) }

    /// Text, or NULL for nil.
    package static func optional(_ value: String?) -> Self { value.map { .text($0) } ?? .null }

    /// An integer, or NULL for nil.
    package static func optional(_ value: Int64?) -> Self { value.map { .integer($0) } ?? .null }

    /// Text for an array of `text`.
    package static func texts(_ values: [String]) -> Self {
        let elements = values.map { value in
            let escaped = NulText.encoded(value).unicodeScalars.reduce(into: "") { text, scalar in
                if scalar == "\"" || scalar == "\\" { text.append("\\") }
                text.unicodeScalars.append(scalar)
            }
            return "\"\(escaped)\""
        }
        return PostgresValue(text: "{\(elements.joined(separator: ","))}")
    }
}

/// PostgreSQL's text holds every character but NUL.
///
/// The last code point, which Unicode reserves and nobody writes, stands before what replaces it, so that whatever
/// goes in comes out again and no two texts become one.
enum NulText {
    private static let escape: Unicode.Scalar = "\u{10FFFF}"

    static func encoded(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0 == "\0" || $0 == escape }) else { return text }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "\0": result.unicodeScalars.append(contentsOf: [escape, "0"])
            case escape: result.unicodeScalars.append(contentsOf: [escape, "1"])
            default: result.unicodeScalars.append(scalar)
            }
        }
    }

    static func decoded(_ text: String) -> String {
        guard text.unicodeScalars.contains(escape) else { return text }
        var isEscaped = false
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            if isEscaped {
                result.unicodeScalars.append(scalar == "0" ? "\0" : escape)
                isEscaped = false
            } else if scalar == escape {
                isEscaped = true
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
    }
}
