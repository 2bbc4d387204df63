// SPDX-License-Identifier: Apache-2.0

/// The part of SQL that is understood, common to PostgreSQL, MySQL, MariaDB and SQLite: one statement that only reads,
/// or one of a few that maintain.
///
/// Functions are those of a list, so that none can write, read files, sleep or reach other hosts. Rows are read from
/// the server's own statistics; from an application's tables only numbers and times (see `SelectParser`). Comments,
/// several statements, quoted identifiers and backslashes are refused, and so is every text that two servers would
/// split into words differently.
enum StatementGrammar {
    /// One statement that only reads.
    static func reads(_ text: String) -> Bool {
        // How mysql(1) prints one row below the other; before all else a backslash is no part of what is understood.
        let isVertical = text.hasSuffix("\\G")
        guard let tokens = SQLToken.tokens(of: isVertical ? String(text.dropLast(2)) : text) else { return false }
        switch tokens.first {
        case .word("select"):
            return SelectParser.accepts(tokens, .statistics) || SelectParser.accepts(tokens, .content)
        case .word("explain"): return explains(tokens.dropFirst())
        case .word("show"): return shows(tokens.dropFirst())
        case .word("pragma"):
            // With `=` or brackets most of them set something.
            return tokens.count == 2 && tokens[1].isWord(of: pragmas)
        case .word("check"):
            return tokens.count == 3 && tokens[1] == .word("table") && tokens[2].isName
        default: return false
        }
    }

    /// One short statement that keeps a database in order and blocks nobody for long.
    static func maintains(_ text: String) -> Bool {
        guard let tokens = SQLToken.tokens(of: text) else { return false }
        var rest = tokens[...]
        switch rest.popFirst() {
        case .word("select"):
            return rest.elementsEqual([.word("pg_reload_conf"), .symbol("("), .symbol(")")])
        case .word("checkpoint"): return rest.isEmpty
        case .word("flush"): return rest.elementsEqual([.word("hosts")])
        case .word("analyze"):
            rest = rest.skipping("verbose").skipping("table")
            return rest.isEmpty || (rest.count == 1 && rest.first?.isName == true)
        case .word("vacuum"):
            if rest.first == .symbol("(") {
                guard let close = rest.firstIndex(of: .symbol(")")) else { return false }
                let options = rest[(rest.startIndex + 1)..<close].split(
                    separator: .symbol(","), omittingEmptySubsequences: false)
                guard options.allSatisfy({ $0.count == 1 && $0.first?.isWord(of: gentleOptions) == true }) else {
                    return false
                }
                rest = rest[(close + 1)...]
            } else {
                rest = rest.skipping("verbose").skipping("analyze")
            }
            return rest.isEmpty || (rest.count == 1 && rest.first?.isName == true)
        default: return false
        }
    }

    /// One statement that ends one session's work, or locks tables while they are built anew.
    static func interrupts(_ text: String) -> Bool {
        guard let tokens = SQLToken.tokens(of: text) else { return false }
        var rest = tokens[...]
        switch rest.popFirst() {
        case .word("select"):
            guard rest.count == 4, let name = rest.popFirst(), name.isWord(of: sessionFunctions),
                rest.popFirst() == .symbol("("), case .number? = rest.popFirst()
            else { return false }
            return rest.popFirst() == .symbol(")")
        case .word("kill"):
            if rest.first?.isWord(of: ["query", "connection"]) == true { rest = rest.dropFirst() }
            guard rest.count == 1, case .number? = rest.first else { return false }
            return true
        case .word("vacuum"):
            guard rest.popFirst() == .word("full") else { return false }
            rest = rest.skipping("verbose").skipping("analyze")
            if rest.isEmpty { return true }
        case .word("reindex"):
            guard rest.popFirst()?.isWord(of: rebuilt) == true else { return false }
            rest = rest.skipping("concurrently")
        case .word("optimize"):
            guard rest.popFirst() == .word("table") else { return false }
        default: return false
        }
        return rest.count == 1 && rest.first?.isName == true
    }

    /// Only the plan, of any single table: nothing is run, so no row is read.
    private static func explains(_ tokens: ArraySlice<SQLToken>) -> Bool {
        var rest = tokens
        if rest.starts(with: [.word("query"), .word("plan")]) { rest = rest.dropFirst(2) }
        return SelectParser.accepts(Array(rest), .plan)
    }

    private static func shows(_ tokens: ArraySlice<SQLToken>) -> Bool {
        var words: [String] = []
        var rest = tokens
        while case .word(let word)? = rest.first, !["like", "from", "in", "where"].contains(word) {
            words.append(word)
            rest = rest.dropFirst()
        }
        if words.count == 1, rest.isEmpty, settings.contains(words[0]) { return true }
        guard statements.contains(words.joined(separator: " ")) else { return false }
        if rest.first == .word("from") || rest.first == .word("in") {
            guard rest.count >= 2, rest[rest.startIndex + 1].isName else { return false }
            rest = rest.dropFirst(2)
        }
        // The same as `like`, of what has a name.
        if words.last == "status" || words.last == "variables",
            rest.starts(with: [.word("where"), .word("variable_name")])
        {
            rest = rest.dropFirst(2)
            guard rest.first == .symbol("=") || rest.first == .word("like") else { return false }
            rest = [.word("like")] + rest.dropFirst()
        }
        if rest.first == .word("like") {
            guard rest.count == 2, case .text? = rest.last else { return false }
            return true
        }
        return rest.isEmpty
    }

    private static let gentleOptions: Set<String> = ["analyze", "verbose", "skip_locked"]
    private static let sessionFunctions: Set<String> = ["pg_terminate_backend", "pg_cancel_backend"]
    private static let rebuilt: Set<String> = ["table", "index", "database", "schema"]
    private static let pragmas: Set<String> = [
        "integrity_check", "quick_check", "foreign_key_check", "page_count", "page_size", "freelist_count",
        "journal_mode", "user_version", "schema_version", "auto_vacuum", "database_list", "compile_options", "encoding",
    ]
    private static let statements: Set<String> = [
        "processlist", "full processlist", "databases", "schemas", "tables", "full tables", "open tables",
        "table status", "index", "indexes", "columns", "engines", "plugins", "status", "global status",
        "session status", "variables", "global variables", "session variables", "engine innodb status",
        "slave status", "replica status", "all slaves status", "all replicas status", "master status",
        "binary log status", "binary logs", "master logs", "slave hosts", "replicas", "events", "triggers",
    ]
    /// Settings of PostgreSQL that hold no secret, also as rows of pg_settings.
    static let settings: Set<String> = [
        "max_connections", "shared_buffers", "work_mem", "maintenance_work_mem", "effective_cache_size", "wal_level",
        "max_wal_size", "min_wal_size", "max_wal_senders", "wal_keep_size", "autovacuum", "autovacuum_max_workers",
        "autovacuum_naptime", "autovacuum_vacuum_scale_factor", "checkpoint_timeout", "checkpoint_completion_target",
        "data_directory", "config_file", "hba_file", "port", "listen_addresses", "max_worker_processes",
        "max_parallel_workers", "log_min_duration_statement", "statement_timeout", "lock_timeout", "server_version",
        "server_version_num", "timezone", "synchronous_commit", "fsync", "full_page_writes", "hot_standby",
        "max_locks_per_transaction", "max_replication_slots", "idle_in_transaction_session_timeout",
        "superuser_reserved_connections", "temp_buffers", "random_page_cost", "archive_mode", "transaction_read_only",
        "shared_preload_libraries", "data_checksums", "server_encoding", "deadlock_timeout", "log_destination",
    ]
}

extension ArraySlice<SQLToken> {
    /// Without this word at its beginning.
    fileprivate func skipping(_ word: String) -> ArraySlice<SQLToken> {
        first == .word(word) ? dropFirst() : self
    }
}
