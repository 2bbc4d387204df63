// SPDX-License-Identifier: Apache-2.0

/// The names that `SelectParser` knows.
extension SelectParser {
    static let aggregates: Set<String> = ["count", "sum", "avg", "min", "max"]

    /// None of them writes, waits, reads a file, asks another host or tells a setting.
    static let functions: Set<String> = timeFunctions.union([
        "version", "current_database", "database", "age", "round", "coalesce", "nullif", "ifnull", "greatest", "least",
        "length", "lower", "upper", "abs", "floor", "ceil", "date_trunc", "date_part", "to_char", "to_timestamp",
        "from_unixtime", "timediff", "concat", "left", "right", "substr", "substring", "trim", "format_bytes",
        "pg_size_pretty", "pg_database_size", "pg_total_relation_size", "pg_relation_size", "pg_table_size",
        "pg_indexes_size", "pg_tablespace_size", "pg_is_in_recovery", "pg_last_xact_replay_timestamp",
        "pg_current_wal_lsn", "pg_last_wal_replay_lsn", "pg_last_wal_receive_lsn", "pg_wal_lsn_diff",
        "pg_postmaster_start_time", "pg_conf_load_time", "pg_blocking_pids", "pg_backend_pid", "pg_encoding_to_char",
        "cardinality", "sqlite_version", "strftime",
    ])

    /// Functions whose result is a time.
    static let timeFunctions: Set<String> = [
        "now", "clock_timestamp", "curdate", "datetime", "date", "time", "julianday", "unixepoch", "unix_timestamp",
        "strftime", "utc_timestamp",
    ]
    static let moments: Set<String> = [
        "current_timestamp", "current_date", "current_time", "localtimestamp", "localtime",
    ]
    static let units: Set<String> = [
        "epoch", "microsecond", "millisecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year",
        "dow", "doy",
    ]
    static let types: Set<String> = [
        "text", "int", "integer", "bigint", "numeric", "float", "real", "date", "time", "timestamp", "timestamptz",
        "interval", "regclass", "oid", "inet", "bool", "boolean", "varchar",
    ]

    /// Columns of an application that say what kind of thing a row is, nothing about it.
    static let categories: Set<String> = [
        "status", "type", "kind", "level", "severity", "priority", "queue", "event_type", "event_type_id", "job_type",
        "metadata_id", "domain",
    ]

    /// Catalogues beside `pg_stat_…` and `pg_statio_…`.
    static let statistics: Set<String> = [
        "pg_locks", "pg_database", "pg_tables", "pg_indexes", "pg_index", "pg_class", "pg_namespace", "pg_tablespace",
        "pg_settings", "pg_replication_slots", "pg_prepared_xacts", "pg_extension", "pg_available_extensions",
        "information_schema.tables", "information_schema.schemata", "information_schema.columns",
        "information_schema.processlist", "information_schema.innodb_trx", "information_schema.innodb_metrics",
        "information_schema.innodb_lock_waits", "information_schema.partitions", "information_schema.engines",
        "performance_schema.threads", "performance_schema.global_status", "performance_schema.metadata_locks",
        "performance_schema.replication_connection_status", "performance_schema.replication_applier_status",
        "sqlite_master", "sqlite_schema", "sqlite_stat1", "sqlite_sequence", "dbstat",
    ]

    static func isStatisticsView(_ table: String) -> Bool {
        table.hasPrefix("pg_stat_") || table.hasPrefix("pg_statio_")
    }

    static func isSystem(_ part: Substring) -> Bool {
        part.hasPrefix("pg_") || part.hasPrefix("sqlite_")
            || ["information_schema", "performance_schema", "mysql", "sys"].contains(part)
    }

    static func isTimeColumn(_ column: String) -> Bool {
        let plain = column.split(separator: ".").last.map(String.init) ?? column
        return ["time", "timestamp", "date", "ts", "created", "updated", "modified", "last_seen", "start", "end"]
            .contains(plain)
            || ["_time", "_timestamp", "_at", "_ts", "_date", "_created", "_updated"].contains { plain.hasSuffix($0) }
    }

    /// A text that begins with a date.
    static func isDate(_ text: String) -> Bool {
        let year = text.utf8.prefix(4)
        return text.utf8.count >= 8 && year.allSatisfy { (0x30...0x39).contains($0) }
            && text.utf8.dropFirst(4).first == UInt8(ascii: "-") && isTime(text)
    }

    /// A date, a time or a step of SQLite's such as `-1 hour`.
    static func isTime(_ text: String) -> Bool {
        if text == "now" || text == "utc" || text == "localtime" || text == "start of day" { return true }
        var rest = text[...]
        for unit in units where rest.hasSuffix(" " + unit) || rest.hasSuffix(" " + unit + "s") {
            rest = rest.prefix { $0 != " " }
            break
        }
        return !rest.isEmpty && rest.utf8.count <= 40
            && rest.utf8.allSatisfy { (0x30...0x39).contains($0) || " -:.+TZ".utf8.contains($0) }
            && rest.utf8.contains { (0x30...0x39).contains($0) }
    }
}
