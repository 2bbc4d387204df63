// SPDX-License-Identifier: Apache-2.0

/// A name that has been understood and may become one quoted argument of a command.
///
/// The only way from text to an argument: the initialiser accepts the documented grammar of one kind of name and
/// throws on everything else. A value never starts with `-`, so it can't be read as an option.
package protocol Operand: Sendable, Hashable, CustomStringConvertible {
    /// Understands `text` completely or throws.
    init(_ text: String) throws(OperandError)
    /// The name, byte for byte as it was accepted.
    var text: String { get }
}

extension Operand {
    /// The name itself.
    package var description: String { text }
}

/// Why a text was not accepted as an operand.
package struct OperandError: Error, Equatable, CustomStringConvertible {
    /// Which kind of name was wanted, in words for a person.
    package let kind: String
    /// What is wrong, without repeating the untrusted text.
    package let reason: String

    /// One sentence: kind and reason.
    package var description: String { "not a \(kind): \(reason)" }
}

/// Checks bytes against a grammar of the form `first rest*` with a length limit.
struct NameGrammar {
    let kind: String
    let maximumLength: Int
    let isFirst: @Sendable (UInt8) -> Bool
    let isRest: @Sendable (UInt8) -> Bool

    func check(_ text: String) throws(OperandError) {
        var bytes = text.utf8.makeIterator()
        guard let first = bytes.next() else { throw OperandError(kind: kind, reason: "it is empty") }
        guard text.utf8.count <= maximumLength else {
            throw OperandError(kind: kind, reason: "it is longer than \(maximumLength) bytes")
        }
        guard isFirst(first) else {
            throw OperandError(kind: kind, reason: "its first character is not allowed there")
        }
        while let byte = bytes.next() {
            guard isRest(byte) else {
                throw OperandError(kind: kind, reason: "it holds a character that is not allowed")
            }
        }
    }
}

func isASCIILetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    default: false
    }
}
