// SPDX-License-Identifier: Apache-2.0

package import JarvisCore

/// The audit log of a database that instances may be serving at the moment; nothing is written to it.
package struct PostgresAuditLog: Sendable {
    private static let pageSize = 500

    private let pool: PostgresPool

    /// Prepares to read; the first read connects.
    package init(_ settings: PostgresSettings) { pool = PostgresPool(settings, random: { 0 }) }

    /// Hands every record to `body`, in order; those that are appended meanwhile may be among them.
    ///
    /// Throws `unavailable` where the server can't be reached, `corrupt` where there is no audit log. Ends its
    /// connection.
    package func forEach(_ body: (AuditEntry) -> Void) async throws(StoreError) {
        do throws(StoreError) {
            try await read(body)
        } catch {
            await pool.close()
            throw error
        }
        await pool.close()
    }

    private func read(_ body: (AuditEntry) -> Void) async throws(StoreError) {
        let exists = try await pool.statements { connection throws(StoreError) in
            try connection.first("SELECT to_regclass('jarvis.audit') IS NOT NULL") { row in row.text(0) == "t" }
        }
        guard exists == true else {
            throw .corrupt(what: "the database has no audit log yet: start the server once")
        }
        var last = Int64.min
        while true {
            let after = last
            let page = try await pool.statements { connection throws(StoreError) in
                try AuditRows.load(after: after, limit: Self.pageSize, on: connection)
            }
            guard let end = page.last else { return }
            page.forEach(body)
            last = end.sequence
        }
    }
}
