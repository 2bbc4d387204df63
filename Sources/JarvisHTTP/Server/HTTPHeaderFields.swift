// SPDX-License-Identifier: Apache-2.0

/// Header fields in the order in which they came, names compared without regard to case.
///
/// Holds whatever it is given: received fields have been validated by the server, those of a response are validated
/// when it is written.
package struct HTTPHeaderFields: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    /// One field line.
    package struct Field: Sendable, Equatable {
        package var name: String
        package var value: String

        /// Creates a field line without checking it; see `isValid`.
        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// All field lines.
    package private(set) var fields: [Field] = []

    /// Creates an empty collection.
    package init() {}

    /// Creates a collection of these name and value pairs; a name may occur more than once.
    package init(_ pairs: some Sequence<(String, String)>) {
        fields = pairs.map { Field(name: $0.0, value: $0.1) }
    }

    /// Creates a collection of a literal's pairs; a name may occur more than once.
    package init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements)
    }

    /// The value of the first field of this name; setting replaces all fields of the name, `nil` removes them.
    package subscript(name: String) -> String? {
        get { fields.first { Self.matches($0.name, name) }?.value }
        set {
            fields.removeAll { Self.matches($0.name, name) }
            if let newValue { fields.append(Field(name: name, value: newValue)) }
        }
    }

    /// The values of all fields of this name, in order.
    package func values(of name: String) -> [String] {
        fields.filter { Self.matches($0.name, name) }.map(\.value)
    }

    /// Appends a field without touching others of its name (`Set-Cookie`).
    package mutating func add(_ name: String, _ value: String) {
        fields.append(Field(name: name, value: value))
    }

    /// The lower-case elements of a comma-separated field, over all its lines, without blanks and empty elements.
    package func elements(of name: String) -> [String] {
        values(of: name).flatMap { value in
            value.utf8.split(separator: UInt8(ascii: ",")).compactMap { element in
                let trimmed = element.trimmingBlanks()
                return trimmed.isEmpty ? nil : String(Substring(trimmed)).lowercased()
            }
        }
    }

    private static func matches(_ a: String, _ b: String) -> Bool {
        a.utf8.count == b.utf8.count && a.utf8.elementsEqual(b.utf8) { $0.asciiLowercased == $1.asciiLowercased }
    }
}

extension HTTPHeaderFields.Field {
    /// Whether name and value can be sent or accepted as one field line.
    ///
    /// The name must be a token and the value free of control characters other than tab (RFC 9110, section 5.5),
    /// which also keeps CR, LF and NUL out.
    package var isValid: Bool {
        !name.isEmpty && name.utf8.allSatisfy(\.isTokenByte)
            && value.utf8.allSatisfy { $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }
    }
}

extension UInt8 {
    /// The byte, with `A`-`Z` mapped to `a`-`z`.
    var asciiLowercased: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }

    /// Whether the byte is an ASCII digit.
    var isDigit: Bool { (0x30...0x39).contains(self) }

    /// Whether the byte is an ASCII letter or digit.
    var isAlphanumeric: Bool { isDigit || (0x61...0x7A).contains(asciiLowercased) }

    /// Whether the byte may be part of a token (RFC 9110, section 5.6.2).
    var isTokenByte: Bool {
        if isAlphanumeric { return true }
        switch self {
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            return true
        default:
            return false
        }
    }
}

extension Substring.UTF8View {
    /// The view without leading and trailing spaces and tabs.
    func trimmingBlanks() -> Substring.UTF8View {
        var view = self
        while let first = view.first, first == 0x20 || first == 0x09 { view.removeFirst() }
        while let last = view.last, last == 0x20 || last == 0x09 { view.removeLast() }
        return view
    }
}
