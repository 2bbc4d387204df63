// SPDX-License-Identifier: Apache-2.0

/// One value of a YAML document and where it stands.
package struct YAMLNode: Sendable, Equatable {
    /// What a value can be: YAML 1.2 core schema, with text where YAML 1.1 saw booleans (`no`, `on`).
    package enum Content: Sendable, Equatable {
        /// `null`, `~` or nothing.
        case null
        /// `true` or `false`.
        case boolean(Bool)
        /// A whole number that fits 64 bits.
        case integer(Int)
        /// Any other number.
        case float(Double)
        /// Text, quoted or not.
        case text(String)
        /// A list.
        case sequence([YAMLNode])
        /// Keys and values in the order of the file; no key occurs twice.
        case mapping([YAMLEntry])
    }

    /// Where a value comes from.
    package enum Origin: Sendable, Hashable {
        /// A place in the file.
        case file(YAMLMark)
        /// A variable of the environment.
        case environment(String)
    }

    /// The value.
    package let content: Content
    /// Where it stands.
    package let origin: Origin

    /// Builds a value.
    package init(_ content: Content, at origin: Origin) {
        self.content = content
        self.origin = origin
    }

    /// The value of a key; nil for an absent key and for everything that is no mapping.
    package subscript(key: String) -> YAMLNode? {
        guard case .mapping(let entries) = content else { return nil }
        return entries.first { $0.key == key }?.value
    }
}

/// One key of a mapping with its value.
package struct YAMLEntry: Sendable, Equatable {
    /// The key's text.
    package let key: String
    /// Where the key stands.
    package let origin: YAMLNode.Origin
    /// Its value.
    package let value: YAMLNode

    /// Pairs a key with its value.
    package init(key: String, at origin: YAMLNode.Origin, value: YAMLNode) {
        self.key = key
        self.origin = origin
        self.value = value
    }
}
