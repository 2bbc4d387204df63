// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore

/// The fast way to read what well-behaved senders post; nil for everything that is unusual or faulty.
///
/// What it reads is exactly what the payload types make of the same bytes; who gets nil asks them.
enum PlainDelivery {
    /// A webhook of Alertmanager or Grafana.
    static func webhook(_ body: [UInt8]) -> (version: String, alerts: [AlertPayload])? {
        PlainJSON.read(body) { reader in
            var version: String?
            var alerts: [AlertPayload]?
            let isRead = reader.object { reader, key in
                switch key {
                case "version":
                    guard version == nil else { return false }
                    version = reader.string()
                    return version == "4" || version == "1"
                case "alerts":
                    guard alerts == nil else { return false }
                    alerts = list(&reader)
                    return alerts != nil
                default: return reader.skipValue()
                }
            }
            guard isRead, reader.isAtEnd(), let version, let alerts else { return nil }
            return (version, alerts)
        }
    }

    /// The list of Alertmanager's own API.
    static func alerts(_ body: [UInt8]) -> [AlertPayload]? {
        PlainJSON.read(body) { reader in
            guard let alerts = list(&reader), reader.isAtEnd() else { return nil }
            return alerts
        }
    }

    private static func list(_ reader: inout PlainJSON) -> [AlertPayload]? {
        var alerts: [AlertPayload] = []
        let isRead = reader.array { reader in
            guard alerts.count < DeliveryParser.maximumAlerts, let alert = AlertPayload(&reader) else { return false }
            alerts.append(alert)
            return true
        }
        return isRead ? alerts : nil
    }
}

extension AlertPayload {
    /// The alert that begins here; nil where it is unusual or any check fails.
    fileprivate init?(_ reader: inout PlainJSON) {
        var labels: [String: String]?
        var annotations: [String: String]?
        var status: String?
        var start: String?
        var end: String?
        var url: String?
        // An optional that is set already is a key that came twice.
        func take(_ text: String?, _ field: inout String?) -> Bool {
            guard field == nil, let text else { return false }
            field = text
            return true
        }
        let isRead = reader.object { reader, key in
            switch key {
            case "labels":
                guard labels == nil else { return false }
                labels = reader.strings()
                return labels != nil
            case "annotations":
                guard annotations == nil else { return false }
                annotations = reader.strings()
                return annotations != nil
            case "status": return take(reader.string(), &status)
            case "startsAt": return take(reader.string(), &start)
            case "endsAt": return take(reader.string(), &end)
            case "generatorURL": return take(reader.string(), &url)
            default: return reader.skipValue()
            }
        }
        guard isRead, let labels, !labels.isEmpty, Self.fault(of: labels) == nil,
            Self.fault(of: annotations ?? [:]) == nil, let startsAt = start.flatMap(RFC3339.parse),
            startsAt.timeIntervalSince1970 > 0
        else { return nil }
        var endsAt: Date?
        if let end, !end.isEmpty {
            guard let time = RFC3339.parse(end) else { return nil }
            endsAt = time
        }
        self.init(
            labels: labels, annotations: annotations ?? [:], status: status, startsAt: startsAt, endsAt: endsAt,
            generatorURL: url)
    }
}
