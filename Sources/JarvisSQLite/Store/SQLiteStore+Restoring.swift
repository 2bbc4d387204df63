// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import JarvisCore

extension SQLiteStore {
    /// More claims than there can have been since any backup.
    private static let lostClaims: Int64 = 1 << 40

    /// Notes that this is an earlier state of a store that went on: fences go beyond what was given out since, every
    /// change waits for a person, and the audit log says so.
    ///
    /// A hold that a person placed and that does not end by itself stays as it is.
    package func markRestored(from backup: Date, by person: String, at now: Date) async throws(StoreError) {
        try await database.writer.write { connection throws(StoreError) in
            try JobRows.advanceFence(by: Self.lostClaims, on: connection)
            let records = try connection.integer("SELECT coalesce(max(sequence), 0) FROM audit") ?? 0
            try AuditRows.append(.restoring(backup, records: records, by: person, at: now), on: connection)
        }
        let isPaused = try await holds(at: now).contains { $0.mode == .pause && $0.host == nil && $0.until == nil }
        guard !isPaused else { return }
        let reason =
            "put back to the backup of \(RFC3339.format(backup)): look at the open incidents and at the "
            + "levels of autonomy, then lift this with 'jarvis resume'"
        try await place(Hold(mode: .pause, host: nil, by: person, reason: reason, since: now))
    }
}
