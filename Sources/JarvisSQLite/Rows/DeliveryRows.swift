// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import FoundationEssentials
import JarvisCore

/// The rows of one delivery, encoded.
struct DeliveryRows: Sendable {
    private let id: String
    private let receivedAt: Int64
    private let json: String
    private let rejected: [(position: Int, json: String)]
    private let job: NewJob

    /// Encodes a delivery and the job that takes it in.
    init(_ delivery: Delivery) throws(StoreError) {
        id = delivery.id.description
        receivedAt = StoredTime.microseconds(delivery.receivedAt)
        json = try DeliveryText.text(delivery)
        var rejected: [(Int, String)] = []
        for alert in delivery.rejected {
            rejected.append((alert.index, try StoredJSON.text(alert, of: "rejected alert of \(delivery.id)")))
        }
        self.rejected = rejected
        job = try NewJob(delivery.intake)
    }

    /// Writes them; a delivery that is there already throws `corrupt`.
    func insert(on connection: SQLiteConnection) throws(StoreError) {
        try connection.run(
            "INSERT INTO deliveries (id, received_at, json) VALUES (?1, ?2, ?3)",
            [.text(id), .integer(receivedAt), .text(json)])
        for alert in rejected {
            try connection.run(
                "INSERT INTO rejected_alerts (delivery, position, json) VALUES (?1, ?2, ?3)",
                [.text(id), .integer(Int64(alert.position)), .text(alert.json)])
        }
        try JobRows.enqueue(job, on: connection)
    }

    /// Puts a delivery together again; nil when there is none of that id.
    static func load(_ id: DeliveryID, on connection: SQLiteConnection) throws(StoreError) -> Delivery? {
        let key = SQLiteValue.text(id.description)
        let found = try connection.first("SELECT json FROM deliveries WHERE id = ?1", [key]) {
            row throws(StoreError) in
            try DeliveryText.delivery(try row.required(0), id)
        }
        guard let found else { return nil }
        let rejected = try connection.rows(
            "SELECT json FROM rejected_alerts WHERE delivery = ?1 ORDER BY position, sequence", [key]
        ) { row throws(StoreError) in
            try StoredJSON.value(Delivery.Rejected.self, try row.required(0), of: "rejected alert of \(id)")
        }
        return Delivery(
            id: found.id, receivedAt: found.receivedAt, source: found.source, alerts: found.alerts, rejected: rejected)
    }
}
