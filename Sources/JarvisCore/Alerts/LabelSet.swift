// SPDX-License-Identifier: Apache-2.0

/// The labels of an alert: names and untrusted values.
package struct LabelSet: Sendable, Hashable, Codable {
    /// Values by name.
    package let values: [String: String]

    /// Wraps labels as they were delivered.
    package init(_ values: [String: String]) { self.values = values }

    /// Stored as a plain object.
    package init(from decoder: any Decoder) throws {
        values = try decoder.singleValueContainer().decode([String: String].self)
    }

    /// Stored as a plain object.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(values)
    }

    /// The value of one label; nil where the label is absent.
    package subscript(name: String) -> UntrustedText? { values[name].map(UntrustedText.init) }

    /// The rule's name; nil where the source sent none.
    package var alertName: UntrustedText? { self["alertname"] }

    /// Names and values in the order of the names' bytes.
    package var sorted: [(name: String, value: String)] {
        values.map { (name: $0.key, value: $0.value) }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// Which work goes first, from the severity label: 0 critical, 1 warning, 2 the rest.
    package var priority: Int {
        switch values["severity"] {
        case "critical", "page", "emergency": 0
        case "warning", "error": 1
        default: 2
        }
    }
}
