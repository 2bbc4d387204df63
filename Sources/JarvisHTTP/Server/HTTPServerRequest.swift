// SPDX-License-Identifier: Apache-2.0

/// One request, complete and within the server's limits.
package struct HTTPServerRequest: Sendable {
    package var method: HTTPRequestMethod

    /// Path and query as they were sent.
    package var target: RequestTarget

    /// The header fields; every name is a token, no value holds a control character.
    package var headers: HTTPHeaderFields

    /// The whole content, decoded from chunks; no longer than the route's limit.
    package var body: [UInt8]

    /// The peer's IP address without its port, IPv4-mapped IPv6 addresses as IPv4.
    ///
    /// Behind a reverse proxy this is the proxy's address; forwarding headers are not looked at here.
    package var remoteAddress: String

    /// Creates a request, for tests of a router without a network.
    package init(
        method: HTTPRequestMethod, target: RequestTarget, headers: HTTPHeaderFields = [:], body: [UInt8] = [],
        remoteAddress: String = "127.0.0.1"
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.remoteAddress = remoteAddress
    }

    /// The path as it was sent, without the query.
    package var path: String { target.path }

    /// The percent-decoded segments of the path; none holds a slash, a control character or is `.` or `..`.
    package var segments: [String] { target.segments }

    /// The decoded query, in order.
    package var query: [HTTPQueryItem] { target.query }

    /// The value of the first query item of this name.
    package func query(_ name: String) -> String? {
        target.query.first { $0.name == name }?.value
    }
}

/// One `name=value` of a query; the value is empty where there was no `=`.
package struct HTTPQueryItem: Sendable, Equatable {
    package var name: String
    package var value: String

    /// Creates an item of decoded texts.
    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}
