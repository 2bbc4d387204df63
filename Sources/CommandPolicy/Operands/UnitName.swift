// SPDX-License-Identifier: Apache-2.0

/// A systemd unit's full name with its type suffix (systemd.unit(5)), at most 255 bytes.
///
/// Escaped names (with a backslash) and names without a suffix are refused: what is judged must be what systemd
/// resolves, and `systemctl` would complete a bare name by itself.
package struct UnitName: Operand {
    /// The accepted name.
    package let text: String

    private static let grammar = NameGrammar(
        kind: "systemd unit name", maximumLength: 255,
        isFirst: isASCIILetterOrDigit,
        isRest: { byte in
            isASCIILetterOrDigit(byte) || ":_.@-".utf8.contains(byte)
        })
    private static let suffixes = [
        ".service", ".socket", ".timer", ".mount", ".automount", ".swap", ".path", ".slice", ".scope", ".target",
        ".device",
    ]

    /// Accepts a unit name such as `nginx.service`; throws on anything else.
    package init(_ text: String) throws(OperandError) {
        try Self.grammar.check(text)
        guard let suffix = Self.suffixes.first(where: { text.hasSuffix($0) }), text.utf8.count > suffix.utf8.count
        else {
            throw OperandError(kind: Self.grammar.kind, reason: "it does not end in a unit type such as .service")
        }
        self.text = text
    }
}
