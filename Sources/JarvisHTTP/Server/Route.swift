// SPDX-License-Identifier: Apache-2.0

/// A method and a path pattern with the handler that answers it.
package struct Route: Sendable {
    /// Answers one request; runs as a child of the server and may throw any error (see `HTTPResponseError`).
    ///
    /// It is cancelled only when the server's shutdown deadline has passed, never because the client has gone.
    package typealias Handler = @Sendable (HTTPServerRequest, PathParameters) async throws -> HTTPServerResponse

    package let method: HTTPRequestMethod

    /// Literal segments and `{name}` for exactly one segment that is not empty: `/api/v1/incidents/{id}/timeline`.
    package let pattern: String

    /// The content bytes this route takes; `nil` for the server's limit.
    ///
    /// None for GET and HEAD unless it says so.
    package let bodyLimit: Int?

    package let handler: Handler

    /// Creates a route; `Router` checks the pattern.
    package init(
        _ method: HTTPRequestMethod, _ pattern: String, bodyLimit: Int? = nil, handler: @escaping Handler
    ) {
        self.method = method
        self.pattern = pattern
        self.bodyLimit = bodyLimit ?? (method == .get || method == .head ? 0 : nil)
        self.handler = handler
    }
}

/// The decoded path segments that stand for a pattern's names.
package struct PathParameters: Sendable, Equatable {
    private let values: [String: String]

    /// Creates parameters, for tests of a handler without a router.
    package init(_ values: [String: String] = [:]) {
        self.values = values
    }

    /// The segment for this name; `nil` when the pattern has no such name.
    package subscript(name: String) -> String? { values[name] }
}
