// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore

/// A delivery as it lies in a spool's file: its JSON in a `SpoolFrame`.
struct SpoolRecord: Codable {
    /// The delivery's id.
    let id: String
    /// What was understood of it.
    let json: String
    /// What was not, in order.
    let rejected: [String]

    /// The bytes of a delivery.
    static func bytes(of delivery: Delivery) throws(StoreError) -> [UInt8] {
        let stored = try StoredDelivery(delivery)
        let record = SpoolRecord(id: stored.id, json: stored.json, rejected: stored.rejected.map(\.json))
        let text = try StoredJSON.text(record, of: "a delivery for the spool")
        return try SpoolFrame.bytes(of: Array(text.utf8), "the delivery")
    }

    /// What a file holds.
    struct Contents {
        /// The deliveries, in the order they came.
        var deliveries: [Delivery] = []
        /// Whether something follows that is no delivery: a write that was cut off, or damage; nobody can tell which.
        var isDamaged = false
    }

    /// Reads a file as far as it is whole.
    static func contents(of bytes: [UInt8]) -> Contents {
        var contents = Contents()
        var rest = bytes[...]
        while !rest.isEmpty {
            contents.isDamaged = true
            guard let text = SpoolFrame.take(from: &rest), let delivery = delivery(text) else { break }
            contents.deliveries.append(delivery)
            contents.isDamaged = false
        }
        return contents
    }

    private static func delivery(_ text: [UInt8]) -> Delivery? {
        guard let record = try? JSONDecoder().decode(SpoolRecord.self, from: Data(text)),
            let id = DeliveryID(record.id)
        else { return nil }
        return try? StoredDelivery.value(id, json: record.json, rejected: record.rejected)
    }
}
