// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Cryptography
package import FoundationEssentials
package import JarvisCore

/// The key that signs heads of the audit log; its seed is `audit.key` in the data directory.
package struct AuditKey: Sendable {
    private static let document = "docs/AUDIT.md"

    private let signer: Ed25519.Signer

    /// The key that heads are checked with, in base64.
    package var publicKey: String { Base64.encode(signer.publicKey) }

    /// Makes the key where there is none; for the server, which has the data directory to itself.
    package static func make(in directory: String) throws -> AuditKey { try AuditKey(directory, makingIt: true) }

    /// Reads the key that the server has made.
    package init(in directory: String) throws { try self.init(directory, makingIt: false) }

    private init(_ directory: String, makingIt: Bool) throws {
        let seed = try KeySeed.read("audit.key", in: directory, makingIt: makingIt, document: Self.document)
        guard let signer = Ed25519.Signer(seed: seed) else {
            throw KeySeed.damaged("audit.key", in: directory, document: Self.document)
        }
        self.signer = signer
    }

    /// Signs that the log ends there now.
    package func head(at position: AuditPosition, now: Date) -> AuditHead {
        AuditHead(position, at: now, publicKey: signer.publicKey, sign: signer.sign)
    }
}
