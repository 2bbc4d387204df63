// SPDX-License-Identifier: Apache-2.0
package import FoundationEssentials

/// Asks one Prometheus server (or what speaks its HTTP API) for facts; never changes anything and never retries.
package struct PrometheusClient: Sendable {
    private let transport: HTTPTransport
    private let baseURL: String
    private let authorization: OutboundHeader?
    private let trust: TLSTrust
    private let timeouts: OutboundTimeouts
    private let maximumResponseBytes: Int

    /// A client of the server at `baseURL`, with its path prefix if it has one.
    package init(
        transport: HTTPTransport, baseURL: String, authorization: OutboundHeader? = nil, trust: TLSTrust = .system,
        timeouts: OutboundTimeouts = OutboundTimeouts(total: .seconds(15)), maximumResponseBytes: Int = 8 << 20
    ) {
        self.transport = transport
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        self.authorization = authorization
        self.trust = trust
        self.timeouts = timeouts
        self.maximumResponseBytes = maximumResponseBytes
    }

    /// The alerts that are pending or firing now.
    package func alerts() async throws(PrometheusError) -> [PrometheusAlert] {
        try await get("alerts", as: PrometheusWire.Alerts.self).alerts.map { PrometheusAlert($0) }
    }

    /// The alerting rules, each with its active alerts.
    package func rules() async throws(PrometheusError) -> [PrometheusRule] {
        let groups = try await get("rules?type=alert", as: PrometheusWire.Rules.self).groups
        return groups.flatMap { group in group.rules.compactMap { PrometheusRule($0, in: group) } }
    }

    /// The global intervals and external labels of the running configuration.
    package func settings() async throws(PrometheusError) -> PrometheusSettings {
        let answer = try await get("status/config", as: PrometheusWire.Configuration.self)
        return try PrometheusConfigurationText.settings(answer.yaml)
    }

    /// The targets that are being scraped, reachable or not.
    package func targets() async throws(PrometheusError) -> [PrometheusTarget] {
        let answer = try await get("targets?state=active", as: PrometheusWire.Targets.self)
        return answer.activeTargets.map { PrometheusTarget($0) }
    }

    /// The value of an expression now or at an instant.
    ///
    /// The expression is sent as it is: build selectors with `PromQLSelector`, never from text. Range vectors and strings
    /// are refused with `PrometheusError.decode`.
    package func query(
        _ expression: String, at time: Date? = nil
    ) async throws(PrometheusError) -> PrometheusQueryResult {
        var fields = [("query", expression)]
        if let time { fields.append(("time", InternetTimestamp.unixSeconds(time))) }
        var request = request("query")
        // A rule's expression may be longer than an address may be.
        request.method = .post
        request.isRepeatable = true
        request.headers.append(OutboundHeader("Content-Type", "application/x-www-form-urlencoded"))
        request.body = Array(FormEncoding.encode(fields).utf8)
        let (result, warnings) = try await answer(to: request, as: PrometheusWire.QueryResult.self)
        return PrometheusQueryResult(samples: result.samples, warnings: warnings)
    }

    private func get<Content: Decodable>(
        _ path: String, as type: Content.Type
    ) async throws(PrometheusError) -> Content {
        try await answer(to: request(path), as: type).content
    }

    private func request(_ path: String) -> OutboundRequest {
        var headers = [OutboundHeader("Accept", "application/json")]
        if let authorization { headers.append(authorization) }
        return OutboundRequest(
            url: "\(baseURL)/api/v1/\(path)", headers: headers, timeouts: timeouts,
            maximumResponseBytes: maximumResponseBytes, trust: trust)
    }

    private func answer<Content: Decodable>(
        to request: OutboundRequest, as type: Content.Type
    ) async throws(PrometheusError) -> (content: Content, warnings: [String]) {
        let response: OutboundResponse
        do throws(TransportError) {
            response = try await transport.send(request)
        } catch {
            throw PrometheusError(error)
        }
        return try PrometheusAnswer.read(type, from: response)
    }
}
