// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
package import FoundationEssentials

/// A signed statement that the log held so many records at a time, and what the last one's hash was.
///
/// Kept elsewhere, it proves later that nothing up to there was taken away or replaced.
package struct AuditHead: Sendable, Codable, Equatable {
    /// When it was signed, as RFC 3339 in UTC.
    package let at: String
    /// Hash of the last record; zeros for an empty log.
    package let hash: String
    /// The key that signed it, in base64; worth nothing unless compared with one known from elsewhere.
    package let publicKey: String
    /// Number of records.
    package let sequence: Int64
    /// Ed25519 signature over the rest, in base64.
    package let signature: String

    /// Signs a place.
    package init(_ position: AuditPosition, at time: Date, publicKey: [UInt8], sign: ([UInt8]) -> [UInt8]) {
        at = RFC3339.format(time)
        hash = position.hash
        sequence = position.sequence
        self.publicKey = Base64.encode(publicKey)
        signature = Base64.encode(sign(Self.message(position, at)))
    }

    /// Where the log ended.
    package var position: AuditPosition { AuditPosition(sequence: sequence, hash: hash) }

    /// Whether it was signed with the key; `isValid` takes signature, message and key.
    package func isSigned(with key: [UInt8], isValid: ([UInt8], [UInt8], [UInt8]) -> Bool) -> Bool {
        guard let signature = Base64.decode(signature) else { return false }
        return isValid(signature, Self.message(position, at), key)
    }

    private static func message(_ position: AuditPosition, _ at: String) -> [UInt8] {
        AuditPosition.message(
            "jarvis audit head", [Array(String(position.sequence).utf8), Array(position.hash.utf8), Array(at.utf8)])
    }
}
