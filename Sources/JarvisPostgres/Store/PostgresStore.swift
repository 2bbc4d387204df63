// SPDX-License-Identifier: Apache-2.0

package import JarvisCore
import JarvisStore

/// The store that several instances share, in a PostgreSQL database.
package struct PostgresStore: Sendable {
    let database: PostgresDatabase
    let onJobsCommitted: @Sendable () -> Void
    let onAudited: @Sendable (AuditRecord.Event) -> Void
    private let deliveries: DeliveryGroups

    /// The store of a database.
    ///
    /// - Parameters:
    ///   - onJobsCommitted: called after each commit of this instance that put jobs into the queue; must return at
    ///     once. What others commit, `PostgresListener` tells.
    ///   - onAudited: called for each record that this instance appended to the audit log; must return at once.
    package init(
        _ database: PostgresDatabase, onJobsCommitted: @escaping @Sendable () -> Void = {},
        onAudited: @escaping @Sendable (AuditRecord.Event) -> Void = { _ in }
    ) {
        self.database = database
        self.onJobsCommitted = onJobsCommitted
        self.onAudited = onAudited
        deliveries = DeliveryGroups(database.pool)
    }
}

extension PostgresStore: OrderedAlertLog {
    package func accept(inOrder deliveries: [Delivery]) async throws(StoreError) {
        let rows = try deliveries.map { delivery throws(StoreError) in try StoredDelivery(delivery) }
        try await database.pool.transaction(writes: rows.count) { connection throws(StoreError) in
            for row in rows { DeliveryRows.insert(row, on: connection) }
        }
        onJobsCommitted()
    }

    package func accept(_ delivery: Delivery) async throws(StoreError) {
        try await deliveries.write(try StoredDelivery(delivery))
        onJobsCommitted()
    }

    package func delivery(_ id: DeliveryID) async throws(StoreError) -> Delivery? {
        try await database.pool.statements { connection throws(StoreError) in
            try DeliveryRows.load(id, on: connection)
        }
    }
}

extension PostgresStore: IncidentStore {
    package func incident(_ id: IncidentID) async throws(StoreError) -> Incident? {
        try await database.pool.statements { connection throws(StoreError) in
            try connection.first("SELECT json FROM incidents WHERE id = $1", [.text(id.description)]) {
                row throws(StoreError) in
                try StoredJSON.value(Incident.self, try row.required(0), of: "incident \(id)")
            }
        }
    }

    package func alertRecord(of labels: LabelSet) async throws(StoreError) -> AlertRecord? {
        let fingerprint = Fingerprint(of: labels)
        let digest = IndexedText.digest(try StoredJSON.text(labels, of: "labels"))
        return try await database.pool.statements { connection throws(StoreError) in
            try connection.first(
                "SELECT json, report FROM alerts WHERE fingerprint = $1 AND labels_digest = $2",
                [.text(fingerprint.description), .text(digest)]
            ) { row throws(StoreError) in
                var record = try StoredJSON.value(
                    AlertRecord.self, try row.required(0), of: "alert \(fingerprint)")
                // It is what a replacement is compared with; an older version leaves it as it was.
                record.report = try row.integer(1)
                return record
            }
        }
    }

    package func openIncident(about target: Target) async throws(StoreError) -> IncidentID? {
        try await database.pool.statements { connection throws(StoreError) in
            let id = try connection.first(
                "SELECT id FROM incidents WHERE target = $1 AND closed_at IS NULL",
                [.text(IndexedText.key(target.storedKey))]
            ) { row throws(StoreError) in try row.required(0) }
            return id.flatMap { IncidentID($0) }
        }
    }

    package func commit(_ change: StoreChange) async throws(StoreError) {
        let rows = try StoredChange(change)
        try await database.pool.transaction { connection throws(StoreError) in
            try StoreChangeRows.apply(rows, on: connection)
        }
        change.audit.map(\.event).forEach(onAudited)
        if !change.jobs.isEmpty { onJobsCommitted() }
    }

    package func timeline(
        of incident: IncidentID?, after sequence: Int64, limit: Int
    ) async throws(StoreError) -> [NumberedTimelineEntry] {
        try await database.pool.statements { connection throws(StoreError) in
            try TimelineRows.load(of: incident, after: sequence, limit: limit, on: connection)
        }
    }

    package func incidents(openOnly: Bool, limit: Int) async throws(StoreError) -> [Incident] {
        try await database.pool.statements { connection throws(StoreError) in
            try IncidentRows.newest(openOnly: openOnly, limit: limit, on: connection)
        }
    }

    package func isHeld(_ token: UInt64) async throws(StoreError) -> Bool {
        try await database.pool.statements { connection throws(StoreError) in
            try connection.first(
                "SELECT 1 FROM jobs WHERE state = 'claimed' AND token = $1", [.integer(Int64(clamping: token))]
            ) { _ in true } == true
        }
    }

    package func idleIncidents() async throws(StoreError) -> [Incident] {
        try await database.pool.statements { connection throws(StoreError) in
            // The incidents first: whatever of them is open still has its job when the jobs are looked at.
            let open = try connection.rows("SELECT id FROM incidents WHERE closed_at IS NULL") {
                row throws(StoreError) in try row.required(0)
            }
            let payloads = try connection.rows(
                "SELECT payload FROM jobs WHERE available_at IS NOT NULL AND kind <> 'intake'"
            ) { row throws(StoreError) in try row.required(0) }
            let idle = try StoredWork.idle(open, payloads: payloads)
            return try connection.rows("SELECT json FROM incidents WHERE id = ANY ($1::uuid[])", [.texts(idle)]) {
                row throws(StoreError) in
                try StoredJSON.value(Incident.self, try row.required(0), of: "an incident")
            }
        }
    }

    package func incidentsWithSilenceWork() async throws(StoreError) -> [Incident] {
        try await database.pool.statements { connection throws(StoreError) in
            let found = try connection.rows("SELECT json FROM incidents WHERE silence_work") {
                row throws(StoreError) in
                StoredIncident.ifReadable(try row.required(0))
            }
            return found.compactMap { $0 }
        }
    }
}

extension PostgresStore: AuditLog {
    package func auditEntries(after sequence: Int64, limit: Int) async throws(StoreError) -> [AuditEntry] {
        try await database.pool.statements { connection throws(StoreError) in
            try AuditRows.load(after: sequence, limit: limit, on: connection)
        }
    }
}
