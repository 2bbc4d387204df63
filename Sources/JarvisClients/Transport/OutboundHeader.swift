// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

/// One header of a request, public or secret.
package struct OutboundHeader: Sendable, Equatable {
    /// A header's value; a secret one is never printed and never follows a redirect to another host or port.
    package enum Value: Sendable, Equatable {
        case plain(String)
        case secret(SecretText)

        var text: String {
            switch self {
            case .plain(let text): text
            case .secret(let secret): secret.revealed
            }
        }
    }

    package let name: String
    package let value: Value

    /// A header anyone may read.
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = .plain(value)
    }

    /// A header that carries a credential.
    package init(_ name: String, secret: SecretText) {
        self.name = name
        self.value = .secret(secret)
    }

    /// The bearer token header of RFC 6750.
    package static func bearer(_ token: SecretText) -> OutboundHeader {
        OutboundHeader("Authorization", secret: SecretText("Bearer " + token.revealed))
    }

    /// The user and password header of RFC 7617, in UTF-8.
    package static func basic(user: String, password: SecretText) -> OutboundHeader {
        let credentials = Data("\(user):\(password.revealed)".utf8).base64EncodedString()
        return OutboundHeader("Authorization", secret: SecretText("Basic " + credentials))
    }

    /// Whether the header must stay with the host and port it was written for.
    var isConfidential: Bool {
        if case .secret = value { return true }
        return ["authorization", "cookie", "proxy-authorization"].contains(name.lowercased())
    }
}
