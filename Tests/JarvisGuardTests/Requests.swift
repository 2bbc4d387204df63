// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Cryptography
import Testing

@testable import JarvisGuard

/// A key pair and the requests that are signed with it.
struct Requests: Sendable {
    let signer: Ed25519.Signer
    let host = "testhost"

    init(seed: UInt8 = 1) throws {
        signer = try #require(Ed25519.Signer(seed: [UInt8](repeating: seed, count: 32)))
    }

    static let nonce = "0123456789abcdef0123456789abcdef"

    func envelope(
        _ canonical: String, _ verb: GuardRequest.Verb = .run, host: String? = nil, epoch: UInt64 = 7,
        intent: String? = nil, under: String? = nil, expires: Int64, deadline: Int = 20, grace: Int = 5,
        commandClass: CommandClass = .observe, nonce: String = nonce
    ) throws -> SignedEnvelope {
        let request = try #require(
            GuardRequest(
                verb: verb, host: host ?? self.host, epoch: epoch, intent: intent, under: under, expires: expires,
                nonce: nonce,
                deadlineSeconds: deadline, graceSeconds: grace, commandClass: commandClass, canonical: canonical))
        return try #require(SignedEnvelope(request, signature: signer.sign(request.signedBytes)))
    }

    /// The guard's file for this key.
    func file(_ more: String = "") -> String {
        """
        guard-host \(host)
        guard-key \(Base64.encode(signer.publicKey))
        guard-cap bounded
        allow-target container web
        allow-target unit nginx
        \(more)
        """
    }
}
