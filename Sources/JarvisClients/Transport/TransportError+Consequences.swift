// SPDX-License-Identifier: Apache-2.0
extension TransportError {
    /// Whether the same request may succeed later although nobody changes anything.
    package var isRetryable: Bool {
        switch self {
        case .saturated, .resolve, .connect, .timeout, .truncated, .reset, .shutdown: true
        case .tls(let problem, _): problem == .handshake
        case .invalidRequest, .tooLarge, .redirectLoop, .tooManyRedirects, .redirectRefused, .protocolViolation,
            .cancelled, .other:
            false
        }
    }

    /// Whether the server may have received and acted on the request.
    ///
    /// False is a promise; after true a change has to be looked for before it is made again.
    package var mayHaveArrived: Bool {
        switch self {
        case .invalidRequest, .saturated, .resolve, .connect, .tls: false
        case .timeout(let phase, _): phase == .response || phase == .body
        case .tooLarge, .truncated, .reset, .redirectLoop, .tooManyRedirects, .redirectRefused, .protocolViolation,
            .cancelled, .shutdown, .other:
            true
        }
    }

    /// A word from a small fixed set, fit for a metric label.
    package var shortDescription: String {
        switch self {
        case .invalidRequest: "invalid_request"
        case .saturated: "saturated"
        case .resolve: "resolve"
        case .connect(let problem, _): "connect_\(problem.rawValue)"
        case .timeout(let phase, _): "timeout_\(phase.rawValue.lowercased())"
        case .tls(let problem, _): "tls_\(problem.rawValue.lowercased())"
        case .tooLarge: "too_large"
        case .truncated: "truncated"
        case .reset: "reset"
        case .redirectLoop: "redirect_loop"
        case .tooManyRedirects: "too_many_redirects"
        case .redirectRefused: "redirect_refused"
        case .protocolViolation: "protocol_violation"
        case .cancelled: "cancelled"
        case .shutdown: "shutdown"
        case .other: "other"
        }
    }
}

extension TransportError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalidRequest(let reason): "the request is not valid: \(reason.explanation)"
        case .saturated(let limit): "\(limit) requests are waiting already"
        case .resolve(let peer): "the name \(peer.host) could not be resolved"
        case .connect(let problem, let peer): "no connection to \(peer): \(problem.rawValue)"
        case .timeout(let phase, let peer): "timed out at \(peer) while waiting for \(phase.explanation)"
        case .tls(let problem, let peer): "no trusted TLS connection to \(peer): \(problem.explanation)"
        case .tooLarge(.headers(let bytes), let peer): "the response headers of \(peer) exceed \(bytes) bytes"
        case .tooLarge(.body(let bytes), let peer): "the response body of \(peer) exceeds \(bytes) bytes"
        case .truncated(let peer): "the response of \(peer) ended before its declared length"
        case .reset(let peer): "the connection to \(peer) was lost"
        case .redirectLoop(let peer): "\(peer) redirects in a loop"
        case .tooManyRedirects(let maximum, let peer): "\(peer) redirects more than \(maximum) times"
        case .redirectRefused(let reason, let peer): "a redirect of \(peer) was refused: \(reason.explanation)"
        case .protocolViolation(let peer): "\(peer) does not answer in valid HTTP"
        case .cancelled: "cancelled"
        case .shutdown: "the transport is shut down"
        case .other(let code, .some(let peer)): "transfer with \(peer) failed with libcurl code \(code)"
        case .other(let code, .none): "libcurl failed with code \(code)"
        }
    }
}

extension TransportError.InvalidRequest {
    var explanation: String {
        switch self {
        case .url: "the address can't be read"
        case .scheme: "the address is neither http nor https"
        case .userInfo: "the address holds user information; credentials belong in a header"
        case .header: "a header's name or value holds a character that is not allowed"
        case .reservedHeader: "a header is set that only the transport may set"
        case .body: "this method takes no body"
        case .timeout: "a time limit is not positive"
        case .sizeLimit: "the size limit is negative"
        case .trustFile: "the name of the authorities file is empty or holds a NUL"
        }
    }
}

extension TransportError.Phase {
    var explanation: String {
        switch self {
        case .queue: "a free slot"
        case .resolve: "name resolution"
        case .connect: "the connection"
        case .tlsHandshake: "the TLS handshake"
        case .response: "the response to begin"
        case .body: "the rest of the response"
        }
    }
}

extension TransportError.TLSProblem {
    var explanation: String {
        switch self {
        case .untrusted: "the certificate is not signed by a trusted authority"
        case .expired: "the certificate has expired"
        case .notYetValid: "the certificate is not valid yet"
        case .wrongName: "the certificate is for another name"
        case .certificate: "the certificate is not acceptable"
        case .handshake: "the handshake failed"
        case .authorities: "the file of trusted authorities can't be used"
        }
    }
}

extension TransportError.RedirectRefusal {
    var explanation: String {
        switch self {
        case .scheme: "it leads to another scheme"
        case .malformed: "its address can't be read"
        case .userInfo: "its address holds user information"
        }
    }
}
