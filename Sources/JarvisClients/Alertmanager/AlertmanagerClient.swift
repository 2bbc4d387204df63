// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

/// Asks one Alertmanager through its API version 2; never changes anything and never retries.
package struct AlertmanagerClient: Sendable {
    private let transport: HTTPTransport
    private let baseURL: String
    private let authorization: OutboundHeader?
    private let trust: TLSTrust
    private let timeouts: OutboundTimeouts

    /// A client of the Alertmanager at `baseURL`, with its path prefix if it has one.
    package init(
        transport: HTTPTransport, baseURL: String, authorization: OutboundHeader? = nil, trust: TLSTrust = .system,
        timeouts: OutboundTimeouts = OutboundTimeouts(total: .seconds(15))
    ) {
        self.transport = transport
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        self.authorization = authorization
        self.trust = trust
        self.timeouts = timeouts
    }

    /// Version, cluster state and start.
    package func status() async throws(AlertmanagerError) -> AlertmanagerStatus {
        let wire = try await get("status", as: AlertmanagerWire.Status.self)
        return AlertmanagerStatus(
            version: wire.versionInfo.version, clusterStatus: wire.cluster.status,
            upSince: InternetTimestamp.parse(wire.uptime))
    }

    /// All alerts it holds, silenced and inhibited ones included.
    package func alerts() async throws(AlertmanagerError) -> [AlertmanagerAlert] {
        try await get("alerts", as: [AlertmanagerWire.Alert].self).map { AlertmanagerAlert($0) }
    }

    private func get<Content: Decodable>(
        _ path: String, as type: Content.Type
    ) async throws(AlertmanagerError) -> Content {
        var headers = [OutboundHeader("Accept", "application/json")]
        if let authorization { headers.append(authorization) }
        let request = OutboundRequest(
            url: "\(baseURL)/api/v2/\(path)", headers: headers, timeouts: timeouts, trust: trust)
        let response: OutboundResponse
        do throws(TransportError) {
            response = try await transport.send(request)
        } catch {
            throw AlertmanagerError(error)
        }
        return try read(type, from: response)
    }

    private func read<Content: Decodable>(
        _ type: Content.Type, from response: OutboundResponse
    ) throws(AlertmanagerError) -> Content {
        let body = Data(response.body)
        switch response.status {
        case 200:
            guard let content = try? JSONDecoder().decode(type, from: body) else {
                throw .notAlertmanager(status: response.status)
            }
            return content
        case 401, 403: throw .unauthorized(status: response.status)
        case 408, 429, 500...599: throw .unavailable(status: response.status)
        case let status:
            guard let refusal = try? JSONDecoder().decode(AlertmanagerWire.Refusal.self, from: body) else {
                throw .notAlertmanager(status: status)
            }
            throw .refused(status: status, message: String(refusal.message.prefix(500)))
        }
    }
}
