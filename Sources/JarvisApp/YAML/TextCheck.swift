// SPDX-License-Identifier: Apache-2.0

/// Finds what is no text before libyaml does, because libyaml reports such places without line and column.
enum TextCheck {
    /// Throws at the first byte that is not UTF-8 and at the first control character other than tab and line ends.
    static func check(_ bytes: ArraySlice<UInt8>) throws(YAMLError) {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var (line, column) = (1, 1)
        while true {
            switch decoder.decode(&iterator) {
            case .emptyInput: return
            case .error: throw YAMLError(reason: .notUTF8, mark: YAMLMark(line: line, column: column))
            case .scalarValue(let scalar):
                guard isText(scalar) else {
                    throw YAMLError(
                        reason: .controlCharacter(scalar.value), mark: YAMLMark(line: line, column: column))
                }
                (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
            }
        }
    }

    private static func isText(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0xA0...: true
        default: false
        }
    }
}
