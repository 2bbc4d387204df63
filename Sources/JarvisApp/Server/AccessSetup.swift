// SPDX-License-Identifier: Apache-2.0

import Cryptography
import FaultPoints
package import FoundationEssentials
package import JarvisCore
package import JarvisHTTP

/// Makes the credentials at the first start and reads their digests at every other one.
///
/// The database holds SHA-256 digests only; the secrets themselves lie beside it in files of mode 0600. They are random with 256 bits, so a slow hash would add nothing.
package struct AccessSetup: Sendable {
    /// Secrets that were made just now, to be shown once.
    package struct Fresh: Sendable {
        /// Password of the sender; nil when the configuration has one.
        package let senderPassword: String?
        /// Token of the operator.
        package let operatorToken: String
    }

    /// What the server checks requests against.
    package let credentials: Credentials
    /// For the drill's own webhook; lives only in this process.
    package let drillToken: String
    /// Made just now; nil when this is not the first start.
    package let fresh: Fresh?

    /// Reads what is stored, or makes and stores it.
    package static func prepare(
        store: any CredentialStore, configuration: Configuration, now: Date
    ) async throws -> AccessSetup {
        let drillToken = secret()
        var fresh: Fresh?
        var operatorDigest = try await store.credential("operator")
        var senderDigest = try await store.credential("sender")
        if operatorDigest == nil {
            let operatorToken = secret()
            let senderPassword = configuration.webhook.password == nil ? secret() : nil
            operatorDigest = digest(operatorToken)
            senderDigest = senderPassword.map(digest)
            if let senderPassword {
                try OperatorToken.write(webhookPassword: senderPassword, in: configuration.dataDirectory)
            }
            try OperatorToken.write(operatorToken, in: configuration.dataDirectory)
            FaultPoint.passes("access.files.after")
            // Last, so that a start that was cut off before makes everything again.
            let digests = ["operator": digest(operatorToken), "sender": senderDigest].compactMapValues(\.self)
            guard try await store.saveCredentials(digests, at: now) else {
                OperatorToken.remove(in: configuration.dataDirectory)
                throw ServerError.credentials(configuration.dataDirectory)
            }
            fresh = Fresh(senderPassword: senderPassword, operatorToken: operatorToken)
        }
        guard let token = OperatorToken.read(in: configuration.dataDirectory), digest(token) == operatorDigest else {
            throw ServerError.credentials(configuration.dataDirectory)
        }
        let configured = configuration.webhook.password.map { digest($0.reveal()) }
        let tokens = configuration.webhook.token.map {
            [Credentials.Entry(name: "sender", digest: bytes(digest($0.reveal())))]
        }
        let passwords = (configured ?? senderDigest).map {
            [Credentials.Entry(name: configuration.webhook.username, digest: bytes($0))]
        }
        let credentials = Credentials(
            senderPasswords: passwords ?? [],
            senderTokens: (tokens ?? []) + [.init(name: "drill", digest: bytes(digest(drillToken)))],
            operatorTokens: operatorDigest.map { [.init(name: "operator", digest: bytes($0))] } ?? [])
        return AccessSetup(credentials: credentials, drillToken: drillToken, fresh: fresh)
    }

    private static func secret() -> String { SecureRandom.hexadecimalText(bytes: 32) }
    private static func digest(_ text: String) -> String { SHA256.hexDigest(of: Array(text.utf8)) }

    private static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = hexadecimal.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
