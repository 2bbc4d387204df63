// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// A time-ordered, unguessable identifier: UUID version 7 (RFC 9562 section 5.7), lower case.
package struct UUIDv7: Sendable, Hashable, Comparable, StoredAsText {
    /// See `StoredAsText`.
    package static let textName = "a UUID version 7"

    /// The 36 characters of the canonical form.
    package let text: String

    /// Builds one from a time and 10 random bytes; deterministic for given inputs.
    ///
    /// - Parameter random: at least 10 bytes; only the first 10 are used.
    package init(at time: Date, random: [UInt8]) {
        precondition(random.count >= 10, "UUIDv7 needs 10 random bytes")
        let milliseconds = UInt64(max(0, time.timeIntervalSince1970 * 1000))
        var bytes = (0..<6).map { UInt8(truncatingIfNeeded: milliseconds >> UInt64(40 - 8 * $0)) } + random.prefix(10)
        bytes[6] = 0x70 | (bytes[6] & 0x0F)
        bytes[8] = 0x80 | (bytes[8] & 0x3F)
        text = String(unsafeUninitializedCapacity: 36) { buffer in
            var place = 0
            for (index, byte) in bytes.enumerated() {
                if index == 4 || index == 6 || index == 8 || index == 10 {
                    buffer[place] = UInt8(ascii: "-")
                    place += 1
                }
                buffer[place] = Self.digit(byte >> 4)
                buffer[place + 1] = Self.digit(byte & 15)
                place += 2
            }
            return place
        }
    }

    /// Accepts the canonical form only; nil otherwise.
    package init?(_ text: String) {
        var place = 0
        for byte in text.utf8 {
            let isGood =
                switch place {
                case 8, 13, 18, 23: byte == UInt8(ascii: "-")
                case 14: byte == UInt8(ascii: "7")
                case 19: byte == UInt8(ascii: "8") || byte == UInt8(ascii: "9") || (0x61...0x62).contains(byte)
                default: (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
                }
            guard isGood, place < 36 else { return nil }
            place += 1
        }
        guard place == 36 else { return nil }
        self.text = text
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

    /// Order of creation, by millisecond.
    package static func < (left: Self, right: Self) -> Bool { left.text < right.text }

    /// The canonical form.
    package var description: String { text }
}

/// The identity of an incident.
package typealias IncidentID = Identifier<Incident>
/// The identity of a delivery.
package typealias DeliveryID = Identifier<Delivery>
/// The identity of one intent: one attempt at one step.
package typealias IntentID = Identifier<Intent>

/// A UUID that can't be mistaken for the identity of something else.
package struct Identifier<Subject>: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
    /// The identifier itself.
    package let uuid: UUIDv7

    /// Gives an identifier its meaning.
    package init(_ uuid: UUIDv7) { self.uuid = uuid }

    /// Reads the canonical form; nil for everything else.
    package init?(_ text: String) {
        guard let uuid = UUIDv7(text) else { return nil }
        self.uuid = uuid
    }

    /// Stored as its text.
    package init(from decoder: any Decoder) throws { uuid = try UUIDv7(from: decoder) }

    /// Stored as its text.
    package func encode(to encoder: any Encoder) throws { try uuid.encode(to: encoder) }

    /// Order of creation, by millisecond.
    package static func < (left: Self, right: Self) -> Bool { left.uuid < right.uuid }

    /// The canonical form.
    package var description: String { uuid.text }
}
