// SPDX-License-Identifier: Apache-2.0

/// Conditions on an application's table: columns compared with constants, so that nothing is learned but how many
/// rows there are.
extension SelectParser {
    mutating func conditions() -> Bool {
        repeat {
            if takeSymbol("(") {
                guard enter(), conditions(), takeSymbol(")") else { return false }
                depth -= 1
            } else {
                _ = take("not")
                guard let column = name(), !Self.soundsSecret(column), test() else { return false }
            }
        } while take("and") || take("or")
        return true
    }

    private mutating func test() -> Bool {
        if take("is") {
            _ = take("not")
            return take("null") || take("true") || take("false")
        }
        _ = take("not")
        if take("in") { return takeSymbol("(") && list { $0.constant(ordered: false) } && takeSymbol(")") }
        if take("between") { return constant(ordered: true) && take("and") && constant(ordered: true) }
        if takeSymbol("=") || takeSymbol("<>") || takeSymbol("!=") { return constant(ordered: false) }
        for symbol in ["<=", ">=", "<", ">"] where takeSymbol(symbol) { return constant(ordered: true) }
        // A column that is true or false.
        return true
    }

    /// A number, a text or a point in time; where order is asked, a text must be a time.
    private mutating func constant(ordered: Bool) -> Bool {
        _ = takeSymbol("-")
        if number() { return true }
        if let text = text() { return !ordered || Self.isDate(text) }
        guard moment() else { return false }
        while takeSymbol("-") || takeSymbol("+") { guard number() || interval() else { return false } }
        return true
    }

    private mutating func moment() -> Bool {
        guard case .word(let word)? = peek else { return false }
        position += 1
        if Self.moments.contains(word) { return true }
        guard Self.timeFunctions.contains(word), takeSymbol("(") else { return false }
        if takeSymbol(")") { return true }
        // strftime's format is printed as it stands, but for its letters.
        if word == "strftime" {
            guard text() == "%s" else { return false }
        } else {
            guard number() || text().map({ Self.isTime($0) }) == true else { return false }
        }
        while takeSymbol(",") { guard text().map({ Self.isTime($0) }) == true else { return false } }
        return takeSymbol(")")
    }

    /// Whether a column's name is that of what could be guessed, one comparison after the other.
    private static func soundsSecret(_ column: String) -> Bool {
        let words = column.split(whereSeparator: { $0 == "." || $0 == "_" }).map(String.init)
        return PathRules.soundsSecret(column) || !secretColumns.isDisjoint(with: words)
    }

    private static let secretColumns: Set<String> = [
        "pass", "pw", "pwd", "pin", "otp", "totp", "hash", "salt", "key", "keys", "cookie", "session", "nonce", "code",
    ]
}
