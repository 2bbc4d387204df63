// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore

/// Alertmanager's shapes, read strictly: what is not as documented is no answer.
enum AlertmanagerWire {
    struct Silence: Decodable {
        struct Status: Decodable {
            enum State: String, Decodable {
                case pending, active, expired
            }

            let state: State
        }

        let id: String
        let status: Status
        let comment: String
    }

    /// The answer about itself; a cluster that is switched off has no peers.
    struct Status: Decodable {
        struct Cluster: Decodable {
            struct Peer: Decodable {
                let name: String
            }

            let status: String
            let peers: [Peer]?
        }

        struct VersionInfo: Decodable {
            let version: String
        }

        let cluster: Cluster
        let versionInfo: VersionInfo
        let uptime: String
    }

    struct Alert: Decodable {
        struct Status: Decodable {
            let state: RoutedAlert.State
            let silencedBy: [String]
            let inhibitedBy: [String]
        }

        struct Receiver: Decodable {
            let name: String
        }

        let labels: [String: String]
        let status: Status
        let receivers: [Receiver]
    }

    private struct Creation: Encodable {
        struct Matcher: Encodable {
            let name: String
            let value: String
            let isRegex = false
            let isEqual = true
        }

        let matchers: [Matcher]
        let startsAt: String
        let endsAt: String
        let createdBy: String
        let comment: String
    }

    private struct Made: Decodable {
        let silenceID: String
    }

    private struct Complaint: Decodable {
        let message: String
    }

    /// The request that makes a silence, every label by equality.
    static func body(of change: JudgedSilenceChange) throws(AlertingError) -> [UInt8] {
        guard case .create(let labels, let startsAt, let endsAt, let createdBy, let comment) = change.operation else {
            throw .notSent(reason: "it is not the making of a silence")
        }
        let creation = Creation(
            matchers: labels.sorted.map { .init(name: $0.name, value: $0.value) },
            startsAt: RFC3339.format(startsAt), endsAt: RFC3339.format(endsAt), createdBy: createdBy, comment: comment)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(creation))
        } catch {
            throw .notSent(reason: "the request can't be written as JSON")
        }
    }

    /// The query for silences with these labels, of as many as can be written without any doubt; empty: of none.
    ///
    /// Only labels whose value needs neither quoting nor escaping: letters, digits and a few signs.
    static func filter(_ labels: LabelSet) -> String {
        let plain = labels.sorted.filter { _, value in
            (1...128).contains(value.utf8.count)
                && value.utf8.allSatisfy {
                    switch $0 {
                    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                    default: "_-.:/".utf8.contains($0)
                    }
                }
        }
        return plain.prefix(16).map { "filter=\($0.name)%3D%22\($0.value)%22" }.joined(separator: "&")
    }

    /// Throws for every answer but a good one.
    ///
    /// A client's fault (4xx) is a refusal, except where a server or what stands before it only could not wait. Every
    /// other answer, a redirect too, says nothing about what became of the request.
    static func check(_ response: OutboundResponse) throws(AlertingError) {
        switch response.status {
        case 200...299: return
        case 408: throw .unknown(reason: "Alertmanager did not wait for the request (HTTP 408)")
        case 400...499: throw .refused(UntrustedText("HTTP \(response.status) \(complaint(response.body))"))
        default: throw .unknown(reason: "Alertmanager answers with HTTP \(response.status)")
        }
    }

    static func made(_ body: [UInt8]) throws(AlertingError) -> SilenceID {
        try name(try read(Made.self, body).silenceID)
    }

    static func silences(_ body: [UInt8]) throws(AlertingError) -> [Silence] { try read([Silence].self, body) }

    static func silence(_ body: [UInt8]) throws(AlertingError) -> Silence { try read(Silence.self, body) }

    static func name(_ text: String) throws(AlertingError) -> SilenceID {
        guard let id = SilenceID(text) else { throw .unknown(reason: "Alertmanager gives a silence an odd name") }
        return id
    }

    static func read<Value: Decodable>(_ type: Value.Type, _ body: [UInt8]) throws(AlertingError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch {
            throw .unknown(reason: "what answers does not speak Alertmanager's API: not the JSON that was expected")
        }
    }

    /// Its own words: a string, or the message of an object; else the beginning of whatever it is.
    private static func complaint(_ body: [UInt8]) -> String {
        let data = Data(body.prefix(4_096))
        if let text = try? JSONDecoder().decode(String.self, from: data) { return String(text.prefix(500)) }
        if let object = try? JSONDecoder().decode(Complaint.self, from: data) {
            return String(object.message.prefix(500))
        }
        return String(decoding: body.prefix(500), as: UTF8.self)
    }
}
