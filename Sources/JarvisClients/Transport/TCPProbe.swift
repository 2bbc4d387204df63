// SPDX-License-Identifier: Apache-2.0
/// Looks whether a TCP port accepts connections, without sending a byte.
package struct TCPProbe: Sendable {
    /// What was found.
    package enum Finding: String, Sendable {
        case open, refused, unreachable, unresolved, timeout
    }

    private let transport: HTTPTransport

    /// A probe that uses the thread of a transport.
    package init(transport: HTTPTransport) { self.transport = transport }

    /// Connects and closes.
    ///
    /// Throws `TransportError` only when nothing could be found out: invalid host or port, cancelled, shut down.
    package func connect(
        host: String, port: Int, timeout: Duration = .seconds(5)
    ) async throws(TransportError) -> Finding {
        let name = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        guard (1...65_535).contains(port), !host.contains(where: { "/?#@%\\".contains($0) }) else {
            throw .invalidRequest(.url)
        }
        let address = try OutboundAddress("http://\(name):\(port)/")
        let limits = OutboundTimeouts(connect: timeout, total: timeout, pace: nil)
        let request = OutboundRequest(url: address.url, timeouts: limits)
        try request.validate()
        do throws(TransportError) {
            _ = try await transport.perform(.connectOnly, request, at: address, deadline: .now + timeout)
            return .open
        } catch {
            return try Finding(error)
        }
    }
}

extension TCPProbe.Finding {
    fileprivate init(_ error: TransportError) throws(TransportError) {
        switch error {
        case .connect(.refused, _): self = .refused
        case .connect: self = .unreachable
        case .resolve, .timeout(.resolve, _): self = .unresolved
        // Waiting for a slot says nothing about the port.
        case .timeout(let phase, _) where phase != .queue: self = .timeout
        default: throw error
        }
    }
}
