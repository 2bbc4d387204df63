// SPDX-License-Identifier: Apache-2.0
package import FoundationEssentials

/// Asks one Prometheus server (or what speaks its HTTP API) for facts; never changes anything and never retries.
package struct PrometheusClient: Sendable {
    private let endpoint: ServiceEndpoint

    /// A client of the server at an endpoint.
    package init(_ endpoint: ServiceEndpoint) { self.endpoint = endpoint }

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
        // A rule's expression may be longer than an address may be.
        let request = endpoint.question("api/v1/query", fields)
        let (result, warnings) = try await answer(to: request, as: PrometheusWire.QueryResult.self)
        return PrometheusQueryResult(samples: result.samples, warnings: warnings)
    }

    /// The values of an expression on a grid of instants.
    ///
    /// Prometheus refuses a grid of more than 11,000 instants (`PrometheusError.badData`); see `RangeStep`.
    package func queryRange(
        _ expression: String, from start: Date, to end: Date, step: Duration
    ) async throws(PrometheusError) -> PrometheusRangeResult {
        let request = endpoint.question(
            "api/v1/query_range",
            [
                ("query", expression), ("start", InternetTimestamp.unixSeconds(start)),
                ("end", InternetTimestamp.unixSeconds(end)), ("step", RangeStep.seconds(step)),
            ])
        let (result, warnings) = try await answer(to: request, as: PrometheusWire.RangeResult.self)
        return PrometheusRangeResult(series: result.series, warnings: warnings)
    }

    private func get<Content: Decodable>(
        _ path: String, as type: Content.Type
    ) async throws(PrometheusError) -> Content {
        try await answer(to: endpoint.request("api/v1/\(path)"), as: type).content
    }

    private func answer<Content: Decodable>(
        to request: OutboundRequest, as type: Content.Type
    ) async throws(PrometheusError) -> (content: Content, warnings: [String]) {
        let response: OutboundResponse
        do throws(TransportError) {
            response = try await endpoint.send(request)
        } catch {
            throw PrometheusError(error)
        }
        return try PrometheusAnswer.read(type, from: response)
    }
}
