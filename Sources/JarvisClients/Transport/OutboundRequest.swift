// SPDX-License-Identifier: Apache-2.0
/// One HTTP request to be sent, with all the limits that apply to it.
///
/// Nothing is checked here: `HTTPTransport.send` refuses what is not a plain http(s) request with
/// `TransportError.invalidRequest`.
package struct OutboundRequest: Sendable {
    /// The methods the clients use.
    package enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    package var method: Method
    /// Absolute http or https address, without user information.
    package var url: String
    package var headers: [OutboundHeader]
    package var body: [UInt8]?
    package var timeouts: OutboundTimeouts
    /// Limit of the response body in bytes; more ends the transfer with `TransportError.tooLarge`.
    package var maximumResponseBytes: Int
    package var redirects: RedirectPolicy
    package var trust: TLSTrust
    /// Whether the request may reach the server twice without harm (a query sent as POST, for example).
    ///
    /// When false the request travels on a connection of its own. libcurl silently repeats a request when a kept-alive
    /// connection turns out to be dead, and can't know whether the server had acted on it; on a fresh one it doesn't.
    package var isRepeatable: Bool

    /// Describes a request; `isRepeatable` is true for GET and HEAD unless said otherwise.
    package init(
        method: Method = .get, url: String, headers: [OutboundHeader] = [], body: [UInt8]? = nil,
        timeouts: OutboundTimeouts = OutboundTimeouts(), maximumResponseBytes: Int = 8 << 20,
        redirects: RedirectPolicy = .none, trust: TLSTrust = .system, isRepeatable: Bool? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeouts = timeouts
        self.maximumResponseBytes = maximumResponseBytes
        self.redirects = redirects
        self.trust = trust
        self.isRepeatable = isRepeatable ?? (method == .get || method == .head)
    }
}

// Addresses of webhooks hold their secret in the path: a request never prints more than where it goes.
extension OutboundRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String {
        let peer = try? OutboundAddress(url).peer
        return "\(method.rawValue) \(peer?.description ?? "<invalid address>")"
    }

    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// What happens when the answer is a redirect.
package enum RedirectPolicy: Sendable, Equatable {
    /// The redirect is the result.
    case none
    /// It is followed at most so many times, never to another scheme; secrets stay with the first host and port.
    case follow(maximum: Int)
}

/// Whose word is taken for the identity of a TLS server; there is no way to take nobody's.
package enum TLSTrust: Sendable, Hashable {
    /// The certificate authorities of the operating system.
    case system
    /// Only the authorities in this PEM file.
    case authorities(file: String)
}
