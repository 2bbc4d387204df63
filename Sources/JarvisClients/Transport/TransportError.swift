// SPDX-License-Identifier: Apache-2.0
/// Why no complete HTTP response was had.
///
/// An answer with any status is a response, not an error. The descriptions name host and port, never a path, a query,
/// a header or a credential. The transport never retries; `isRetryable` is advice for the one place that does.
package enum TransportError: Error, Equatable, Sendable {
    /// The request was refused before anything was sent.
    case invalidRequest(InvalidRequest)
    /// Too many requests are waiting already.
    case saturated(limit: Int)
    case resolve(Peer)
    case connect(ConnectProblem, Peer)
    case timeout(Phase, Peer)
    case tls(TLSProblem, Peer)
    case tooLarge(SizeLimit, Peer)
    /// The body ended before its declared length.
    case truncated(Peer)
    /// The connection was lost in the middle of the exchange.
    case reset(Peer)
    case redirectLoop(Peer)
    case tooManyRedirects(maximum: Int, Peer)
    case redirectRefused(RedirectRefusal, Peer)
    /// The server's bytes are not the protocol they should be.
    case protocolViolation(Peer)
    /// The calling task was cancelled.
    case cancelled
    /// The transport is shut down or was shut down meanwhile.
    case shutdown
    /// Another failure of libcurl, with its own code.
    case other(code: Int, Peer?)

    /// What is wrong with a request.
    package enum InvalidRequest: String, Sendable {
        case url, scheme, userInfo, header, reservedHeader, body, timeout, sizeLimit, trustFile
    }

    /// Why no connection came about.
    package enum ConnectProblem: String, Sendable {
        case refused, unreachable, failed
    }

    /// What was being waited for when the time was up; `body` is everything after the status line.
    package enum Phase: String, Sendable {
        case queue, resolve, connect, tlsHandshake, response, body
    }

    /// Why the server's identity or the secure channel was not accepted.
    package enum TLSProblem: String, Sendable {
        case untrusted, expired, notYetValid, wrongName, certificate, handshake, authorities
    }

    /// Which limit of the response was exceeded.
    package enum SizeLimit: Equatable, Sendable {
        case headers(bytes: Int)
        case body(bytes: Int)
    }

    /// Why a redirect was not followed.
    package enum RedirectRefusal: String, Sendable {
        case scheme, malformed, userInfo
    }
}
