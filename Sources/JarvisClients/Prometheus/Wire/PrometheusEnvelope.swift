// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

/// The frame around every answer of Prometheus' API.
struct PrometheusEnvelope<Content: Decodable>: Decodable {
    let status: String
    let data: Content?
    let errorType: String?
    let error: String?
    let warnings: [String]?
}

/// Turns an HTTP answer into content or into the one fitting error.
enum PrometheusAnswer {
    static func read<Content: Decodable>(
        _ type: Content.Type, from response: OutboundResponse
    ) throws(PrometheusError) -> (content: Content, warnings: [String]) {
        if [401, 403].contains(response.status) { throw .unauthorized(status: response.status) }
        let envelope: PrometheusEnvelope<Content>
        do {
            envelope = try JSONDecoder().decode(PrometheusEnvelope<Content>.self, from: Data(response.body))
        } catch let error as DecodingError {
            throw explain(error, status: response.status)
        } catch {
            throw unreadable(response.status)
        }
        guard envelope.status == "success" else { throw refusal(envelope, status: response.status) }
        guard (200...299).contains(response.status), let content = envelope.data else {
            throw unreadable(response.status)
        }
        return (content, envelope.warnings ?? [])
    }

    private static func refusal<Content>(
        _ envelope: PrometheusEnvelope<Content>, status: Int
    ) -> PrometheusError {
        let message = String((envelope.error ?? "").prefix(500))
        switch envelope.errorType {
        case "bad_data", "not_found": return .badData(message: message)
        case "execution", "internal": return .execution(message: message)
        case "timeout", "canceled": return .timeout
        case "unavailable": return .unavailable(status: status)
        default: return unreadable(status)
        }
    }

    private static func explain(_ error: DecodingError, status: Int) -> PrometheusError {
        let path =
            switch error {
            case .keyNotFound(let key, let context): context.codingPath + [key]
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
                context.codingPath
            @unknown default: [any CodingKey]()
            }
        // Without the frame it is not an answer of this API at all.
        guard (200...299).contains(status), let first = path.first, first.stringValue != "status" else {
            return unreadable(status)
        }
        return .decode(path: path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: "."))
    }

    private static func unreadable(_ status: Int) -> PrometheusError {
        [408, 429, 500, 502, 503, 504].contains(status) ? .unavailable(status: status) : .notPrometheus(status: status)
    }
}
