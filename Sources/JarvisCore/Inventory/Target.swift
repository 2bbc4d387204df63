// SPDX-License-Identifier: Apache-2.0

/// What an action acts on: host, kind and name.
package struct Target: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The kinds of thing that can be acted on.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// A container of the host's engine.
        case container
        /// A systemd unit.
        case unit
        /// A program that the operator declared by its argv.
        case service
        /// One service of a declared compose project; its name is `PROJECT/SERVICE`.
        case compose
        /// The host as a whole.
        case host
    }

    /// The host it lives on.
    package let host: HostName
    /// What kind of thing it is.
    package let kind: Kind
    /// Its name; for a host the host's own.
    package let name: String

    /// Names a target.
    package init(host: HostName, kind: Kind, name: String) {
        self.host = host
        self.kind = kind
        self.name = name
    }

    /// For people: `container web on nexus`.
    package var description: String {
        kind == .host ? "host \(host)" : "\(kind.rawValue) \(UntrustedText(name).display(limit: 128)) on \(host)"
    }
}

/// A question asked from outside the target.
package enum ServiceProbe: Sendable, Equatable {
    /// GET; good when the status is `status` and the body contains `contains` (where given).
    ///
    /// With `echoesNonce` the request carries `?nonce=…`, fresh each time, and the body must contain it, so that no
    /// cache and no stranger on the port can answer.
    case http(url: String, status: Int = 200, contains: String? = nil, echoesNonce: Bool = false)
    /// Good when the port accepts a connection.
    case tcp(host: String, port: Int)
}
