// SPDX-License-Identifier: Apache-2.0

package import JarvisCore

/// The audit log of a database that another process may be serving at the moment.
package struct SQLiteAuditFile {
    private static let pageSize = 500

    private let connection: SQLiteConnection

    /// Opens the file for reading; neither takes nor needs the lock of the instance.
    ///
    /// Throws `unavailable` where it can't be opened, `corrupt` where it is no database with an audit log.
    package init(path: String) throws(StoreError) {
        connection = try SQLiteConnection(path: path, access: .readOnly)
        try connection.execute("PRAGMA trusted_schema = OFF; PRAGMA cache_size = -1024;")
        guard try Migrator(migrations: Migration.all).check(connection) >= Migration.m003.version else {
            throw .corrupt(what: "the database has no audit log yet: start the server once")
        }
    }

    /// Hands every record to `body`, in order, from one consistent state of the log.
    package func forEach(_ body: (AuditEntry) -> Void) throws(StoreError) {
        try connection.execute("BEGIN")
        // A read transaction holds nothing that ending it could lose.
        defer { try? connection.execute("ROLLBACK") }
        var last = Int64.min
        while true {
            let page = try AuditRows.load(after: last, limit: Self.pageSize, on: connection)
            guard let end = page.last else { return }
            page.forEach(body)
            last = end.sequence
        }
    }
}
