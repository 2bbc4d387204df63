// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import JarvisStore

/// The rows of one delivery.
enum DeliveryRows {
    /// Writes them; a delivery that is there already gives `corrupt`.
    static func insert(_ delivery: StoredDelivery, on connection: PostgresConnection) {
        connection.run(
            "INSERT INTO deliveries (id, received_at, json) VALUES ($1, $2, $3)",
            [.text(delivery.id), .integer(delivery.receivedAt), .text(delivery.json)])
        for (number, alert) in delivery.rejected.enumerated() {
            connection.run(
                "INSERT INTO rejected_alerts (delivery, number, json) VALUES ($1, $2, $3)",
                [.text(delivery.id), .integer(Int64(number)), .text(alert.json)])
        }
        JobRows.enqueue([delivery.job], on: connection)
    }

    /// Puts a delivery together again; nil when there is none of that id.
    static func load(_ id: DeliveryID, on connection: PostgresConnection) throws(StoreError) -> Delivery? {
        let key = PostgresValue.text(id.description)
        var json: String?
        connection.run("SELECT json FROM deliveries WHERE id = $1", [key]) { result throws(StoreError) in
            json = try result.first { row throws(StoreError) in try row.required(0) }
        }
        let rejected = try connection.rows(
            "SELECT json FROM rejected_alerts WHERE delivery = $1 ORDER BY number", [key]
        ) { row throws(StoreError) in try row.required(0) }
        return try json.map { json throws(StoreError) in try StoredDelivery.value(id, json: json, rejected: rejected) }
    }
}
