// SPDX-License-Identifier: Apache-2.0

package import JarvisCore

/// Asks targets from outside over HTTP and TCP.
package struct ServiceProbeClient: ServiceProber {
    /// Seconds for the whole of one question.
    private static let timeout = Duration.seconds(4)
    private static let maximumBodyBytes = 1 << 20

    private let transport: HTTPTransport
    private let newNonce: @Sendable () -> String

    /// Asks through a transport.
    package init(transport: HTTPTransport, newNonce: @escaping @Sendable () -> String) {
        self.transport = transport
        self.newNonce = newNonce
    }

    package func ask(_ probe: ServiceProbe) async -> ServiceAnswer {
        switch probe {
        case .http(let url, let status, let contains, let echoesNonce):
            await askHTTP(url, status, contains, nonce: echoesNonce ? newNonce() : nil)
        case .tcp(let host, let port): await askTCP(host, port)
        }
    }

    private func askHTTP(_ url: String, _ status: Int, _ contains: String?, nonce: String?) async -> ServiceAnswer {
        let asked = nonce.map { url + (url.contains("?") ? "&" : "?") + "nonce=\($0)" } ?? url
        let request = OutboundRequest(
            url: asked, headers: [OutboundHeader("Cache-Control", "no-cache")],
            timeouts: OutboundTimeouts(connect: Self.timeout, total: Self.timeout),
            maximumResponseBytes: Self.maximumBodyBytes)
        let response: OutboundResponse
        do {
            response = try await transport.send(request)
        } catch {
            return error.isAnswerOfThePeer ? .bad("\(url): \(error)") : .unanswerable("\(url): \(error)")
        }
        guard response.status == status else { return .bad("\(url): status \(response.status), not \(status)") }
        let body = String(decoding: response.body, as: UTF8.self)
        for text in [contains, nonce].compactMap({ $0 }) where !body.contains(text) {
            return .bad("\(url): status \(status), but the body lacks the expected text")
        }
        return .good("\(url): status \(status)\(nonce == nil ? "" : ", our nonce came back")")
    }

    private func askTCP(_ host: String, _ port: Int) async -> ServiceAnswer {
        do {
            let finding = try await TCPProbe(transport: transport).connect(
                host: host, port: port, timeout: Self.timeout)
            return switch finding {
            case .open: .good("\(host):\(port) accepts connections")
            case .refused, .timeout: .bad("\(host):\(port): \(finding.rawValue)")
            case .unreachable, .unresolved: .unanswerable("\(host):\(port): \(finding.rawValue)")
            }
        } catch {
            return .unanswerable("\(host):\(port): \(error)")
        }
    }
}

extension TransportError {
    /// Whether the peer itself (or its absence) caused it, rather than this side.
    fileprivate var isAnswerOfThePeer: Bool {
        switch self {
        case .connect(.refused, _), .tls, .tooLarge, .truncated, .reset, .protocolViolation, .redirectLoop,
            .tooManyRedirects,
            .redirectRefused:
            true
        case .timeout(let phase, _): phase != .queue && phase != .resolve
        // No route from here says nothing about the target.
        case .connect, .invalidRequest, .saturated, .resolve, .cancelled, .shutdown, .other: false
        }
    }
}
