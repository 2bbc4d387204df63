// SPDX-License-Identifier: Apache-2.0

import CLibPQ

/// How to reach a database.
package struct PostgresSettings: Sendable {
    /// The address as libpq takes it, `postgresql://user:password@host/database` for one; a secret.
    let url: String
    /// Connections for statements; one more listens.
    let connections: Int
    /// How long the server may work on one statement.
    let statementLimit: Duration
    /// How long an answer may take, the way included.
    let answerLimit: Duration
    /// How long a statement may wait for another one's lock.
    let lockLimit: Duration
    /// How long connecting to one address may take.
    let connectLimit: Duration

    /// Describes a database.
    ///
    /// - Parameter answerMargin: how long an answer may take beyond the time that a statement may.
    package init(
        url: String, connections: Int = 4, statementLimit: Duration = .seconds(10), lockLimit: Duration = .seconds(5),
        connectLimit: Duration = .seconds(5), answerMargin: Duration = .seconds(5)
    ) {
        self.url = url
        self.connections = max(1, connections)
        self.statementLimit = statementLimit
        self.lockLimit = lockLimit
        self.connectLimit = connectLimit
        answerLimit = statementLimit + answerMargin
    }

    /// The password that an address holds, so that it can be kept out of what is shown; nil: none, or no address.
    ///
    /// Unsafe code: it frees what libpq hands out.
    package static func password(in url: String) -> String? {
        guard let options = PQconninfoParse(url, nil) else { return nil }
        defer { PQconninfoFree(options) }
        var option = options
        while let keyword = option.pointee.keyword {
            if String(cString: keyword) == "password" { return option.pointee.val.map { String(cString: $0) } }
            option += 1
        }
        return nil
    }

    /// What libpq is told; of two with one name the later holds, so that the address can override the first ones.
    var connectionParameters: [(name: String, value: String)] {
        [
            ("application_name", "jarvis"), ("connect_timeout", String(connectLimit.components.seconds)),
            // A standby would refuse every write; after a failover the new primary is looked for.
            ("target_session_attrs", "read-write"),
            // A host that vanishes is noticed although nobody says so.
            ("keepalives_idle", "15"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
            ("tcp_user_timeout", String(milliseconds(answerLimit))),
            ("dbname", url), ("client_encoding", "UTF8"),
        ]
    }

    /// What a new connection is told first.
    var sessionSettings: [(name: String, value: String)] {
        [
            ("search_path", Self.schema), ("TimeZone", "UTC"), ("default_transaction_isolation", "read committed"),
            ("statement_timeout", String(milliseconds(statementLimit))),
            ("lock_timeout", String(milliseconds(lockLimit))),
            ("idle_in_transaction_session_timeout", String(milliseconds(answerLimit))),
        ]
    }

    /// The schema with all tables, so that others may use the same database.
    static let schema = "jarvis"

    private func milliseconds(_ duration: Duration) -> Int64 { Int64(duration / .milliseconds(1)) }
}
