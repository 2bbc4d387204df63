// SPDX-License-Identifier: Apache-2.0
/// One HTTP service with everything that each of its requests has in common.
package struct ServiceEndpoint: Sendable {
    /// Absolute address without a trailing slash, with the service's path prefix if it has one.
    package let baseURL: String
    /// The limits of each request.
    package let timeouts: OutboundTimeouts
    private let transport: HTTPTransport
    private let authorization: OutboundHeader?
    private let trust: TLSTrust
    private let maximumResponseBytes: Int

    /// The service at `baseURL`.
    ///
    /// - Parameter maximumResponseBytes: a longer answer ends in `TransportError.tooLarge`.
    package init(
        transport: HTTPTransport, baseURL: String, authorization: OutboundHeader? = nil, trust: TLSTrust = .system,
        timeouts: OutboundTimeouts = OutboundTimeouts(total: .seconds(15)), maximumResponseBytes: Int = 16 << 20
    ) {
        self.transport = transport
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        self.authorization = authorization
        self.trust = trust
        self.timeouts = timeouts
        self.maximumResponseBytes = maximumResponseBytes
    }

    /// A request for a path below the address, which begins without a slash; asks for JSON.
    func request(_ path: String, method: OutboundRequest.Method = .get) -> OutboundRequest {
        var headers = [OutboundHeader("Accept", "application/json")]
        if let authorization { headers.append(authorization) }
        return OutboundRequest(
            method: method, url: "\(baseURL)/\(path)", headers: headers, timeouts: timeouts,
            maximumResponseBytes: maximumResponseBytes, trust: trust)
    }

    /// A question whose fields may be longer than an address may be, so that it is sent as a form.
    func question(_ path: String, _ fields: [(name: String, value: String)]) -> OutboundRequest {
        var request = request(path, method: .post)
        request.isRepeatable = true
        request.headers.append(OutboundHeader("Content-Type", "application/x-www-form-urlencoded"))
        request.body = Array(FormEncoding.encode(fields).utf8)
        return request
    }

    /// Sends a request once.
    func send(_ request: OutboundRequest) async throws(TransportError) -> OutboundResponse {
        try await transport.send(request)
    }
}
