// SPDX-License-Identifier: Apache-2.0

package import JarvisCore
import JarvisStore

/// The store of a single instance, in one SQLite file.
package struct SQLiteStore: Sendable {
    let database: SQLiteDatabase
    let onJobsCommitted: @Sendable () -> Void
    let onAudited: @Sendable (AuditRecord.Event) -> Void

    /// The store of a database.
    ///
    /// - Parameters:
    ///   - onJobsCommitted: called after each commit that put jobs into the queue; must return at once.
    ///   - onAudited: called for each record that was appended to the audit log; must return at once.
    package init(
        _ database: SQLiteDatabase, onJobsCommitted: @escaping @Sendable () -> Void = {},
        onAudited: @escaping @Sendable (AuditRecord.Event) -> Void = { _ in }
    ) {
        self.database = database
        self.onJobsCommitted = onJobsCommitted
        self.onAudited = onAudited
    }
}

extension SQLiteStore: OrderedAlertLog {
    package func accept(inOrder deliveries: [Delivery]) async throws(StoreError) {
        let rows = try deliveries.map { delivery throws(StoreError) in try StoredDelivery(delivery) }
        try await database.writer.write { connection throws(StoreError) in
            for row in rows { try DeliveryRows.insert(row, on: connection) }
        }
        onJobsCommitted()
    }

    package func accept(_ delivery: Delivery) async throws(StoreError) {
        // Encoded before the writer's turn: only the disk is waited for there.
        let rows = try StoredDelivery(delivery)
        try await database.writer.write { connection throws(StoreError) in try DeliveryRows.insert(rows, on: connection)
        }
        onJobsCommitted()
    }

    package func delivery(_ id: DeliveryID) async throws(StoreError) -> Delivery? {
        try await database.reader.read { connection throws(StoreError) in try DeliveryRows.load(id, on: connection) }
    }
}

extension SQLiteStore: IncidentStore {
    package func incident(_ id: IncidentID) async throws(StoreError) -> Incident? {
        try await database.reader.read { connection throws(StoreError) in
            try connection.first("SELECT json FROM incidents WHERE id = ?1", [.text(id.description)]) {
                row throws(StoreError) in
                try StoredJSON.value(Incident.self, try row.required(0), of: "incident \(id)")
            }
        }
    }

    package func alertRecord(of labels: LabelSet) async throws(StoreError) -> AlertRecord? {
        let fingerprint = Fingerprint(of: labels)
        let text = try StoredJSON.text(labels, of: "labels")
        return try await database.reader.read { connection throws(StoreError) in
            try connection.first(
                "SELECT json, report FROM alerts WHERE fingerprint = ?1 AND labels = ?2",
                [.text(fingerprint.description), .text(text)]
            ) { row throws(StoreError) in
                var record = try StoredJSON.value(
                    AlertRecord.self, try row.required(0), of: "alert \(fingerprint)")
                // It is what a replacement is compared with.
                record.report = row.integer(1)
                return record
            }
        }
    }

    package func openIncident(about target: Target) async throws(StoreError) -> IncidentID? {
        try await database.reader.read { connection throws(StoreError) in
            let id = try connection.first(
                "SELECT id FROM incidents WHERE target = ?1 AND closed_at IS NULL",
                [.text(target.storedKey)]
            ) { row throws(StoreError) in try row.required(0) }
            return id.flatMap { IncidentID($0) }
        }
    }

    package func commit(_ change: StoreChange) async throws(StoreError) {
        let rows = try StoredChange(change)
        try await database.writer.write { connection throws(StoreError) in
            try StoreChangeRows.apply(rows, on: connection)
        }
        change.audit.map(\.event).forEach(onAudited)
        if !change.jobs.isEmpty { onJobsCommitted() }
    }

    package func timeline(
        of incident: IncidentID?, after sequence: Int64, limit: Int
    ) async throws(StoreError) -> [NumberedTimelineEntry] {
        try await database.reader.read { connection throws(StoreError) in
            try TimelineRows.load(of: incident, after: sequence, limit: limit, on: connection)
        }
    }

    package func incidents(openOnly: Bool, limit: Int) async throws(StoreError) -> [Incident] {
        try await database.reader.read { connection throws(StoreError) in
            try IncidentRows.newest(openOnly: openOnly, limit: limit, on: connection)
        }
    }

    package func isHeld(_ token: UInt64) async throws(StoreError) -> Bool {
        try await database.reader.read { connection throws(StoreError) in
            try connection.first(
                "SELECT 1 FROM jobs INDEXED BY jobs_claimed WHERE state = 'claimed' AND token = ?1",
                [.integer(Int64(clamping: token))]
            ) { _ in true } == true
        }
    }

    package func idleIncidents() async throws(StoreError) -> [Incident] {
        try await database.reader.read { connection throws(StoreError) in
            // The incidents first: whatever of them is open still has its job when the jobs are looked at.
            let open = try connection.rows("SELECT id FROM incidents WHERE closed_at IS NULL") {
                row throws(StoreError) in try row.required(0)
            }
            let payloads = try connection.rows(
                "SELECT payload FROM jobs WHERE state = 'claimed' AND kind <> 'intake'"
            ) { row throws(StoreError) in try row.required(0) }
            var idle: [Incident] = []
            for id in try StoredWork.idle(open, payloads: payloads) {
                let incident = try connection.first("SELECT json FROM incidents WHERE id = ?1", [.text(id)]) {
                    row throws(StoreError) in
                    try StoredJSON.value(Incident.self, try row.required(0), of: "incident \(id)")
                }
                if let incident { idle.append(incident) }
            }
            return idle
        }
    }

    package func incidentsWithSilenceWork() async throws(StoreError) -> [Incident] {
        try await database.reader.read { connection throws(StoreError) in
            let found = try connection.rows("SELECT json FROM incidents WHERE silence_work = 1") {
                row throws(StoreError) in
                StoredIncident.ifReadable(try row.required(0))
            }
            return found.compactMap { $0 }
        }
    }
}
