// SPDX-License-Identifier: Apache-2.0

package import JarvisCore

extension SQLiteStore: AuditLog {
    package func auditEntries(after sequence: Int64, limit: Int) async throws(StoreError) -> [AuditEntry] {
        try await database.reader.read { connection throws(StoreError) in
            try AuditRows.load(after: sequence, limit: limit, on: connection)
        }
    }
}
