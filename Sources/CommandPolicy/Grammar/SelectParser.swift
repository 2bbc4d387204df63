// SPDX-License-Identifier: Apache-2.0

/// Recognises one `SELECT`: items, tables, conditions, grouping, order and limit; no subqueries, no sets, no locks.
struct SelectParser {
    /// What may be read.
    enum Mode {
        /// Rows of the server's own statistics and catalogues, joined as one likes; or no table at all.
        case statistics
        /// Numbers and times of one table of an application: counts, sums, ages, by category. Conditions compare
        /// columns with constants, and order is asked of numbers and times only, so that no text can be guessed.
        case content
        /// Anything of the tables of an application, as nothing is run.
        case plan
    }

    private let tokens: [SQLToken]
    private let mode: Mode
    var position = 0
    var depth = 0
    private var aliases: Set<String> = []
    private var tables: [String] = []

    /// Whether `tokens` are one such statement, completely.
    static func accepts(_ tokens: [SQLToken], _ mode: Mode) -> Bool {
        var parser = SelectParser(tokens: tokens, mode: mode)
        return parser.select() && parser.position == tokens.count
    }

    private init(tokens: [SQLToken], mode: Mode) {
        self.tokens = tokens
        self.mode = mode
    }

    // MARK: clauses

    private mutating func select() -> Bool {
        guard take("select") else { return false }
        _ = take("distinct")
        guard items() else { return false }
        if take("from") {
            guard source() else { return false }
        } else if mode != .statistics {
            return false
        }
        if tables == ["pg_settings"] { return chosenSettings() }
        if take("where") { guard mode == .content ? conditions() : expression() else { return false } }
        if take("group") { guard take("by"), list({ $0.expression() }) else { return false } }
        if take("having") { guard expression() else { return false } }
        if take("order") { guard take("by"), list({ $0.orderItem() }) else { return false } }
        if take("limit") {
            guard number() else { return false }
            if takeSymbol(",") || take("offset") { return number() }
        }
        return true
    }

    mutating func list(_ item: (inout SelectParser) -> Bool) -> Bool {
        repeat { guard item(&self) else { return false } } while takeSymbol(",")
        return true
    }

    private mutating func items() -> Bool {
        list { parser in
            if parser.mode != .content, parser.takeSymbol("*") { return true }
            guard parser.expression() else { return false }
            if parser.take("as") {
                guard let name = parser.name() else { return false }
                parser.aliases.insert(name)
            } else if let name = parser.name() {
                parser.aliases.insert(name)
            }
            return true
        }
    }

    private mutating func source() -> Bool {
        guard table() else { return false }
        while mode != .content {
            if take("left") || take("right") {
                _ = take("outer")
                guard take("join") else { return false }
            } else if take("inner") {
                guard take("join") else { return false }
            } else if !take("join") {
                break
            }
            guard table() else { return false }
            if take("using") {
                guard takeSymbol("("), list({ $0.name() != nil }), takeSymbol(")") else { return false }
            } else {
                guard take("on"), expression() else { return false }
            }
        }
        return !(tables.count > 1 && tables.contains("pg_settings"))
    }

    private mutating func table() -> Bool {
        guard let full = name() else { return false }
        let plain = full.after("pg_catalog.") ?? full
        let isStatistic = Self.statistics.contains(plain) || (!plain.contains(".") && Self.isStatisticsView(plain))
        if mode == .statistics {
            guard isStatistic else { return false }
        } else {
            // Accounts and the like are not an application's.
            guard !isStatistic, !full.split(separator: ".").contains(where: { Self.isSystem($0) }) else { return false }
        }
        tables.append(plain)
        if take("as") { return name() != nil }
        _ = name()
        return true
    }

    /// Rows of pg_settings are chosen by name, because some hold passwords.
    private mutating func chosenSettings() -> Bool {
        guard take("where"), take("name") else { return false }
        if takeSymbol("=") { return setting() }
        return take("in") && takeSymbol("(") && list { $0.setting() } && takeSymbol(")")
    }

    private mutating func setting() -> Bool {
        text().map { StatementGrammar.settings.contains($0.lowercased()) } == true
    }

    private mutating func orderItem() -> Bool {
        // Only as a whole item an alias surely stands for what was picked, and not for a column of the same name.
        if mode == .content, case .word(let word)? = peek, aliases.contains(word) {
            position += 1
        } else {
            guard expression() else { return false }
        }
        if !take("asc") { _ = take("desc") }
        if take("nulls") { return take("first") || take("last") }
        return true
    }

    // MARK: expressions

    mutating func enter() -> Bool {
        depth += 1
        return depth <= 12
    }

    private mutating func expression() -> Bool {
        guard enter() else { return false }
        defer { depth -= 1 }
        repeat {
            while take("not") {}
            guard comparison() else { return false }
        } while take("and") || take("or")
        return true
    }

    private mutating func comparison() -> Bool {
        guard sum() else { return false }
        if take("is") {
            _ = take("not")
            if take("distinct") { return take("from") && sum() }
            return take("null") || take("true") || take("false")
        }
        let isNegated = take("not")
        if take("in") { return takeSymbol("(") && list { $0.sum() } && takeSymbol(")") }
        if take("like") || take("ilike") { return sum() }
        if take("between") { return sum() && take("and") && sum() }
        guard !isNegated else { return false }
        for symbol in ["=", "<>", "!=", "<=", ">=", "<", ">"] where takeSymbol(symbol) { return sum() }
        return true
    }

    private mutating func sum() -> Bool {
        repeat {
            guard factor() else { return false }
        } while ["+", "-", "*", "/", "%", "||"].contains(where: { takeSymbol($0) })
        return true
    }

    private mutating func factor() -> Bool {
        _ = takeSymbol("-")
        guard primary() else { return false }
        while takeSymbol("::") {
            guard case .word(let type)? = peek, Self.types.contains(type) else { return false }
            position += 1
        }
        return true
    }

    private mutating func primary() -> Bool {
        if number() || text() != nil { return true }
        if takeSymbol("(") { return expression() && takeSymbol(")") }
        guard case .word(let word)? = peek else { return false }
        if word == "interval" { return interval() }
        position += 1
        if ["null", "true", "false", "current_user", "session_user"].contains(word) || Self.moments.contains(word) {
            return true
        }
        if word == "case" { return branches() }
        if peek == .symbol("(") { return call(word) }
        if ["date", "timestamp", "timestamptz"].contains(word), text() != nil { return true }
        guard !SQLToken.reserved.contains(word) else { return false }
        return mode != .content || Self.categories.contains(word)
    }

    /// Behind `case`.
    private mutating func branches() -> Bool {
        guard peek == .word("when") else { return false }
        while take("when") { guard expression(), take("then"), expression() else { return false } }
        if take("else") { guard expression() else { return false } }
        return take("end")
    }

    private mutating func call(_ function: String) -> Bool {
        guard takeSymbol("(") else { return false }
        if function == "extract" {
            guard case .word(let field)? = peek, Self.units.contains(field) else { return false }
            position += 1
            return take("from") && expression() && takeSymbol(")")
        }
        if Self.aggregates.contains(function) {
            if function == "count", takeSymbol("*") { return takeSymbol(")") && filter() }
            _ = take("distinct")
            guard mode == .content else { return expression() && takeSymbol(")") && filter() }
            if number() { return takeSymbol(")") }
            guard let column = name() else { return false }
            // The least and the greatest of a column are content, unless they are times.
            if function == "min" || function == "max", !Self.isTimeColumn(column) { return false }
            return takeSymbol(")")
        }
        guard Self.functions.contains(function) else { return false }
        if takeSymbol(")") { return true }
        return list { $0.expression() } && takeSymbol(")")
    }

    mutating func interval() -> Bool {
        guard take("interval") else { return false }
        if text() != nil { return true }
        guard number(), case .word(let unit)? = peek, Self.units.contains(unit) else { return false }
        position += 1
        return true
    }

    /// Behind an aggregate, `filter (where …)` or nothing.
    private mutating func filter() -> Bool {
        guard take("filter") else { return true }
        guard takeSymbol("("), take("where") else { return false }
        return (mode == .content ? conditions() : expression()) && takeSymbol(")")
    }

    // MARK: tokens

    var peek: SQLToken? { position < tokens.count ? tokens[position] : nil }

    mutating func take(_ word: String) -> Bool {
        guard peek == .word(word) else { return false }
        position += 1
        return true
    }

    mutating func takeSymbol(_ symbol: String) -> Bool {
        guard peek == .symbol(symbol) else { return false }
        position += 1
        return true
    }

    mutating func number() -> Bool {
        guard case .number? = peek else { return false }
        position += 1
        return true
    }

    mutating func text() -> String? {
        guard case .text(let text)? = peek else { return nil }
        position += 1
        return text
    }

    mutating func name() -> String? {
        guard let token = peek, token.isName, case .word(let word) = token else { return nil }
        position += 1
        return word
    }
}
