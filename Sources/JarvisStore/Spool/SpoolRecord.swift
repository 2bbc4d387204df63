// SPDX-License-Identifier: Apache-2.0

import Cryptography
import FoundationEssentials
import JarvisCore

/// A delivery as it lies in a spool's file: the length of a text and a part of its digest, then the text as JSON.
///
/// Unsigned integers, least significant byte first: four bytes for the length, eight for the digest (SHA-256).
struct SpoolRecord: Codable {
    /// The delivery's id.
    let id: String
    /// What was understood of it.
    let json: String
    /// What was not, in order.
    let rejected: [String]

    private static let digestBytes = 8
    private static let headBytes = 4 + digestBytes

    /// The bytes of a delivery.
    static func bytes(of delivery: Delivery) throws(StoreError) -> [UInt8] {
        let stored = try StoredDelivery(delivery)
        let record = SpoolRecord(id: stored.id, json: stored.json, rejected: stored.rejected.map(\.json))
        let text = Array(try StoredJSON.text(record, of: "a delivery for the spool").utf8)
        guard let length = UInt32(exactly: text.count) else { throw .corrupt(what: "the delivery is too long") }
        return withUnsafeBytes(of: length.littleEndian, Array.init) + SHA256.digest(of: text).prefix(digestBytes) + text
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
            guard rest.count >= headBytes else { break }
            let length = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            let digest = rest.dropFirst(4).prefix(digestBytes)
            let text = rest.dropFirst(headBytes).prefix(length)
            guard text.count == length, let delivery = delivery(Array(text), Array(digest)) else { break }
            contents.deliveries.append(delivery)
            contents.isDamaged = false
            rest = rest.dropFirst(headBytes + length)
        }
        return contents
    }

    private static func delivery(_ text: [UInt8], _ digest: [UInt8]) -> Delivery? {
        guard Array(SHA256.digest(of: text).prefix(digestBytes)) == digest,
            let record = try? JSONDecoder().decode(SpoolRecord.self, from: Data(text)), let id = DeliveryID(record.id)
        else { return nil }
        return try? StoredDelivery.value(id, json: record.json, rejected: record.rejected)
    }
}
