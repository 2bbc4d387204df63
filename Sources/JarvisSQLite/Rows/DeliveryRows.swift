// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import JarvisStore

/// The rows of one delivery.
enum DeliveryRows {
    /// Writes them; a delivery that is there already throws `corrupt`.
    static func insert(_ delivery: StoredDelivery, on connection: SQLiteConnection) throws(StoreError) {
        try connection.run(
            "INSERT INTO deliveries (id, received_at, json) VALUES (?1, ?2, ?3)",
            [.text(delivery.id), .integer(delivery.receivedAt), .text(delivery.json)])
        for alert in delivery.rejected {
            try connection.run(
                "INSERT INTO rejected_alerts (delivery, position, json) VALUES (?1, ?2, ?3)",
                [.text(delivery.id), .integer(Int64(alert.position)), .text(alert.json)])
        }
        try JobRows.enqueue(delivery.job, on: connection)
    }

    /// Puts a delivery together again; nil when there is none of that id.
    static func load(_ id: DeliveryID, on connection: SQLiteConnection) throws(StoreError) -> Delivery? {
        let key = SQLiteValue.text(id.description)
        guard
            let json = try connection.first(
                "SELECT json FROM deliveries WHERE id = ?1", [key], { row throws(StoreError) in try row.required(0) })
        else { return nil }
        let rejected = try connection.rows(
            "SELECT json FROM rejected_alerts WHERE delivery = ?1 ORDER BY position, sequence", [key]
        ) { row throws(StoreError) in try row.required(0) }
        return try StoredDelivery.value(id, json: json, rejected: rejected)
    }
}
