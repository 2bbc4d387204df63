// SPDX-License-Identifier: Apache-2.0

import JarvisCore

/// What a value must look like, and how it becomes a typed one.
struct ValueForm<Value>: Sendable {
    /// The form in words, after "expected".
    let expected: String
    let read: @Sendable (YAMLNode) throws(ValueProblem) -> Value

    init(_ expected: String, _ read: @escaping @Sendable (YAMLNode) throws(ValueProblem) -> Value) {
        self.expected = expected
        self.read = read
    }

    /// A form whose values start as text.
    static func text(
        _ expected: String, _ read: @escaping @Sendable (String) throws(ValueProblem) -> Value
    ) -> Self {
        Self(expected) { (node) throws(ValueProblem) in
            guard let text = node.text else { throw .mismatch }
            return try read(text)
        }
    }
}

/// Why a value was not accepted.
enum ValueProblem: Error {
    /// It has not the form; the reader says what was expected and what is there.
    case mismatch
    /// It has not the form, and this was probably meant.
    case mismatchMeaning(String)
    /// It has the form but not the meaning; in words.
    case refused(String)
}

extension YAMLNode {
    /// The value as text; a variable of the environment is text whatever it looks like.
    var text: String? {
        if case .text(let text) = content { return text }
        return nil
    }

    /// A value of the environment that looks like a number or a boolean, read as such.
    var typed: Content {
        if case .environment = origin, case .text(let text) = content { return .init(plainScalar: text) }
        return content
    }

    /// What is there, for a person, after "found".
    var found: String {
        switch content {
        case .null: "nothing"
        case .boolean(let value): "\(value)"
        case .integer(let value): "the number \(value)"
        case .float(let value): "the number \(value)"
        case .text(let text): "'\(UntrustedText(text).display(limit: 60))'"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }

    /// What kind of thing is there, for values that must not be shown.
    var foundKind: String {
        switch content {
        case .boolean: "true or false"
        case .integer, .float: "a number"
        case .text: "text"
        case .null, .sequence, .mapping: found
        }
    }
}
