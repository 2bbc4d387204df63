// SPDX-License-Identifier: Apache-2.0

/// A record as it is stored: its place, its hash, and its text byte for byte.
package struct AuditEntry: Sendable, Equatable {
    /// Its place in the log, from 1 without gaps.
    package let sequence: Int64
    /// Its hash as 64 hexadecimal digits; that of the record before it is part of it.
    package let hash: String
    /// The text that was hashed.
    package let text: [UInt8]

    /// Names what is stored.
    package init(sequence: Int64, hash: String, text: [UInt8]) {
        self.sequence = sequence
        self.hash = hash
        self.text = text
    }
}

/// SHA-256 of some bytes as 64 hexadecimal digits, from whoever has the cryptography.
package typealias AuditDigest = @Sendable (_ bytes: [UInt8]) -> String

/// A place in the chain: how many records there are up to it, and the hash of the last one.
package struct AuditPosition: Sendable, Equatable {
    /// Sequence of the last record.
    package let sequence: Int64
    /// Its hash.
    package let hash: String

    /// Names a place.
    package init(sequence: Int64, hash: String) {
        self.sequence = sequence
        self.hash = hash
    }

    /// Before the first record.
    package static let beginning = AuditPosition(sequence: 0, hash: String(repeating: "0", count: 64))

    /// The place that a record with this text takes after this one.
    package func following(_ text: [UInt8], _ digest: AuditDigest) -> AuditPosition {
        let next = sequence + 1
        let message = Self.message("jarvis audit record", [Array(hash.utf8), Array(String(next).utf8), text])
        return AuditPosition(sequence: next, hash: digest(message))
    }

    /// Fields with their lengths in front, so that no two different lists of fields give the same bytes.
    static func message(_ title: String, _ fields: [[UInt8]]) -> [UInt8] {
        var message: [UInt8] = []
        for field in [Array(title.utf8)] + fields {
            message += Array("\(field.count):".utf8)
            message += field
            message.append(UInt8(ascii: ","))
        }
        return message
    }
}
