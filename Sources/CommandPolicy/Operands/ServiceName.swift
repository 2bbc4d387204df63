// SPDX-License-Identifier: Apache-2.0

/// The name of a service that an operator declared: `[a-z0-9][a-z0-9-]*`, at most 63 bytes, usable as a file name.
package struct ServiceName: Operand {
    /// The accepted name.
    package let text: String

    private static let grammar = NameGrammar(
        kind: "service name", maximumLength: 63, isFirst: isLowerOrDigit,
        isRest: { isLowerOrDigit($0) || $0 == UInt8(ascii: "-") })

    /// Accepts a service name; throws on anything else.
    package init(_ text: String) throws(OperandError) {
        try Self.grammar.check(text)
        self.text = text
    }
}

func isLowerOrDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}
