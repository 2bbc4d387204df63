// SPDX-License-Identifier: Apache-2.0

extension YAMLNode.Content {
    /// What a plain scalar means by the core schema (YAML 1.2.2 section 10.3.2).
    ///
    /// A whole number beyond 64 bits becomes a float, as in the JSON world.
    init(plainScalar text: String) {
        switch text {
        case "", "~", "null", "Null", "NULL": self = .null
        case "true", "True", "TRUE": self = .boolean(true)
        case "false", "False", "FALSE": self = .boolean(false)
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": self = .float(.infinity)
        case "-.inf", "-.Inf", "-.INF": self = .float(-.infinity)
        case ".nan", ".NaN", ".NAN": self = .float(.nan)
        default: self = Self.number(text) ?? .text(text)
        }
    }

    private static func number(_ text: String) -> Self? {
        if text.hasPrefix("0x") { return radix(text.dropFirst(2), 16) }
        if text.hasPrefix("0o") { return radix(text.dropFirst(2), 8) }
        guard let shape = NumberShape(text) else { return nil }
        if shape == .whole, let value = Int(text) { return .integer(value) }
        return Double(text).map { .float($0) }
    }

    private static func radix(_ digits: Substring, _ radix: Int) -> Self? {
        // Int(_:radix:) would take a sign here, which the schema does not know.
        guard let first = digits.first, first.isHexDigit else { return nil }
        return Int(digits, radix: radix).map { .integer($0) }
    }
}

/// Which of the schema's two decimal forms a text has.
private enum NumberShape {
    case whole, fractional

    /// Reads `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`; nil for everything else.
    init?(_ text: String) {
        var rest = text.utf8[...]
        func takeSign() { if let sign = rest.first, sign == 0x2B || sign == 0x2D { rest.removeFirst() } }
        func takeDigits() -> Int {
            let digits = rest.prefix { (0x30...0x39).contains($0) }.count
            rest.removeFirst(digits)
            return digits
        }
        takeSign()
        let leading = takeDigits()
        if rest.isEmpty, leading > 0 {
            self = .whole
            return
        }
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            guard takeDigits() + leading > 0 else { return nil }
        }
        guard leading > 0 || text.utf8.contains(UInt8(ascii: ".")) else { return nil }
        if let exponent = rest.first, exponent == UInt8(ascii: "e") || exponent == UInt8(ascii: "E") {
            rest.removeFirst()
            takeSign()
            guard takeDigits() > 0 else { return nil }
        }
        guard rest.isEmpty else { return nil }
        self = .fractional
    }
}
