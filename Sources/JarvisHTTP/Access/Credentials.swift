// SPDX-License-Identifier: Apache-2.0

import Cryptography

/// Who may send alerts and who may operate, as digests of their secrets.
///
/// Secrets are compared as SHA-256 digests in constant time; that costs microseconds, so it does not limit intake.
package struct Credentials: Sendable {
    /// A name with the digest of its secret.
    package struct Entry: Sendable {
        /// The user's name; compared in constant time too.
        package let name: String
        /// SHA-256 of the secret.
        package let digest: [UInt8]

        /// Records an entry.
        package init(name: String, digest: [UInt8]) {
            self.name = name
            self.digest = digest
        }
    }

    /// User names and passwords that may post alerts (Basic).
    package let senderPasswords: [Entry]
    /// Tokens that may post alerts (Bearer).
    package let senderTokens: [Entry]
    /// Tokens that may read and decide (Bearer).
    package let operatorTokens: [Entry]

    /// Collects credentials.
    package init(senderPasswords: [Entry], senderTokens: [Entry], operatorTokens: [Entry]) {
        self.senderPasswords = senderPasswords
        self.senderTokens = senderTokens
        self.operatorTokens = operatorTokens
    }

    /// The name of the sender these fields belong to; nil when they are nobody's.
    func sender(_ presented: PresentedCredential) -> String? {
        switch presented {
        case .basic(let user, let password):
            Self.find(password, senderPasswords) { ConstantTime.equal(Array($0.name.utf8), Array(user.utf8)) }
        case .bearer(let token): Self.find(token, senderTokens) { _ in true }
        }
    }

    /// The name of the operator these fields belong to; nil when they are nobody's.
    func person(_ presented: PresentedCredential) -> String? {
        guard case .bearer(let token) = presented else { return nil }
        return Self.find(token, operatorTokens) { _ in true }
    }

    /// Looks at every entry, so that the time taken does not tell which one nearly matched.
    private static func find(_ secret: String, _ entries: [Entry], isNamed: (Entry) -> Bool) -> String? {
        let digest = SHA256.digest(of: Array(secret.utf8))
        var found: String?
        for entry in entries {
            let isSecret = ConstantTime.equal(entry.digest, digest)
            if isNamed(entry), isSecret { found = entry.name }
        }
        return found
    }
}

/// What a request's `Authorization` field holds (RFC 7617, RFC 6750).
enum PresentedCredential {
    case basic(user: String, password: String)
    case bearer(String)

    init?(_ field: String?) {
        guard let field, let space = field.firstIndex(of: " ") else { return nil }
        let value = field[field.index(after: space)...].drop { $0 == " " }
        switch field[..<space].lowercased() {
        case "bearer" where !value.isEmpty: self = .bearer(String(value))
        case "basic":
            guard let decoded = Base64.decode(value), let text = String(validating: decoded, as: UTF8.self),
                let colon = text.firstIndex(of: ":")
            else { return nil }
            self = .basic(user: String(text[..<colon]), password: String(text[text.index(after: colon)...]))
        default: return nil
        }
    }
}
