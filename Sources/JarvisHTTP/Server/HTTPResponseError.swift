// SPDX-License-Identifier: Apache-2.0

/// An error that knows how it is told to a client.
///
/// Whatever else a handler throws is answered with a 500 without detail and logged.
package protocol HTTPResponseError: Error {
    /// The status to answer with.
    var status: HTTPStatus { get }

    /// What the client is told; must hold nothing that the client may not know.
    var message: String { get }

    /// Fields to add to the answer, such as `Retry-After` or `WWW-Authenticate`.
    var headers: HTTPHeaderFields { get }
}

extension HTTPResponseError {
    package var headers: HTTPHeaderFields { [:] }
}

/// A plain refusal of a request, for handlers and for the server's own checks.
package struct HTTPRejection: HTTPResponseError, Equatable {
    package var status: HTTPStatus
    package var message: String
    package var headers: HTTPHeaderFields

    /// Creates a refusal.
    package init(_ status: HTTPStatus, _ message: String, headers: HTTPHeaderFields = [:]) {
        self.status = status
        self.message = message
        self.headers = headers
    }
}

extension HTTPServerResponse {
    /// The answer that tells this error.
    package init(_ error: some HTTPResponseError) {
        self = .error(error.status, error.message, headers: error.headers)
    }
}
