// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import JarvisCore
import JarvisStore

extension SQLiteStore: AutonomyStore {
    package func autonomyRules() async throws(StoreError) -> [AutonomyPolicy.Rule] {
        try await database.reader.read { connection throws(StoreError) in
            try connection.rows("SELECT json FROM autonomy_rules ORDER BY specificity DESC, subject") {
                row throws(StoreError) in
                try StoredJSON.value(AutonomyPolicy.Rule.self, try row.required(0), of: "a rule of autonomy")
            }
        }
    }

    package func setAutonomy(
        _ rule: AutonomyPolicy.Rule, by person: String, at now: Date
    ) async throws(StoreError) {
        let json = try StoredJSON.text(rule, of: "a rule of autonomy")
        let record = AuditRecord.deciding(rule, by: person, at: now)
        try await database.writer.write { connection throws(StoreError) in
            try connection.run(
                """
                INSERT INTO autonomy_rules (subject, specificity, json) VALUES (?1, ?2, ?3)
                ON CONFLICT (subject) DO UPDATE SET json = excluded.json
                """,
                [.text(rule.subject), .integer(Int64(rule.specificity)), .text(json)])
            try AuditRows.append(record, on: connection)
        }
        onAudited(record.event)
    }

    package func resetAutonomy(by person: String, at now: Date) async throws(StoreError) -> Int {
        let count = try await database.writer.write { connection throws(StoreError) in
            try connection.run("DELETE FROM autonomy_rules")
            let count = connection.changes
            guard count > 0 else { return count }
            try AuditRows.append(.forgetting(count, by: person, at: now), on: connection)
            return count
        }
        if count > 0 { onAudited(.reset) }
        return count
    }
}
