// SPDX-License-Identifier: Apache-2.0

/// A container's name as Docker and Podman define it: `[a-zA-Z0-9][a-zA-Z0-9_.-]*`, at most 128 bytes.
package struct ContainerName: Operand {
    /// The accepted name.
    package let text: String

    private static let grammar = NameGrammar(
        kind: "container name", maximumLength: 128,
        isFirst: isASCIILetterOrDigit,
        isRest: {
            isASCIILetterOrDigit($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
        })

    /// Accepts a container name; throws on anything else.
    package init(_ text: String) throws(OperandError) {
        try Self.grammar.check(text)
        self.text = text
    }
}
