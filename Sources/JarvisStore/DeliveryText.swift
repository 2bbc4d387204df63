// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore

/// A delivery as its row holds it: the JSON of `StoredJSON`, written and read fast where it is ordinary.
enum DeliveryText {
    /// Encodes a delivery without its rejected alerts, which have rows of their own.
    static func text(_ delivery: Delivery) throws(StoreError) -> String {
        if let text = plain(delivery) { return text }
        let understood = Delivery(
            id: delivery.id, receivedAt: delivery.receivedAt, source: delivery.source, alerts: delivery.alerts)
        return try StoredJSON.text(understood, of: "delivery \(delivery.id)")
    }

    /// Decodes what `text` wrote.
    static func delivery(_ json: String, _ id: DeliveryID) throws(StoreError) -> Delivery {
        if let delivery = PlainJSON.read(Array(json.utf8), Delivery.init(plain:)) { return delivery }
        return try StoredJSON.value(Delivery.self, json, of: "delivery \(id)")
    }

    /// The text by the fast writer; nil where that gives up.
    static func plain(_ delivery: Delivery) -> String? {
        var text = PlainJSONText(capacity: 256 + delivery.alerts.count * 1024)
        text.raw(#"{"alerts":["#)
        for (place, alert) in delivery.alerts.enumerated() {
            if place > 0 { text.raw(",") }
            text.append(alert)
        }
        text.raw(#"],"id":""#)
        text.raw(delivery.id.description)
        text.raw(#"","receivedAt":"#)
        text.number(delivery.receivedAt.timeIntervalSinceReferenceDate)
        text.raw(#","rejected":[],"source":""#)
        text.raw(delivery.source.rawValue)
        text.raw(#""}"#)
        return text.text
    }
}

extension PlainJSONText {
    /// Appends an alert with its members in the order of their names.
    mutating func append(_ alert: Alert) {
        raw(#"{"annotations":"#)
        object(LabelSet(alert.annotations.mapValues(\.verbatim)).sorted)
        if let end = alert.endsAt {
            raw(#","endsAt":"#)
            number(end.timeIntervalSinceReferenceDate)
        }
        raw(#","fingerprint":""#)
        raw(alert.fingerprint.description)
        raw("\"")
        if let url = alert.generatorURL {
            raw(#","generatorURL":"#)
            string(url.verbatim)
        }
        raw(#","labels":"#)
        object(alert.labels.sorted)
        raw(#","startsAt":"#)
        number(alert.startsAt.timeIntervalSinceReferenceDate)
        raw(#","state":""#)
        raw(alert.state.rawValue)
        raw(#""}"#)
    }
}

extension Delivery {
    /// The stored delivery that begins here; nil where it is unusual.
    init?(plain reader: inout PlainJSON) {
        var alerts: [Alert]?
        var id: DeliveryID?
        var receivedAt: Date?
        var source: Source?
        let isRead = reader.object { reader, key in
            switch key {
            case "alerts":
                var list: [Alert] = []
                let isRead = reader.array { reader in
                    guard let alert = Alert(plain: &reader) else { return false }
                    list.append(alert)
                    return true
                }
                alerts = list
                return isRead
            case "id":
                id = reader.string().flatMap { DeliveryID($0) }
                return id != nil
            case "receivedAt":
                receivedAt = reader.number().map { Date(timeIntervalSinceReferenceDate: $0) }
                return receivedAt != nil
            case "source":
                source = reader.string().flatMap(Source.init)
                return source != nil
            case "rejected": return reader.array { _ in false }
            default: return false
            }
        }
        guard isRead, reader.isAtEnd(), let alerts, let id, let receivedAt, let source else { return nil }
        self.init(id: id, receivedAt: receivedAt, source: source, alerts: alerts)
    }
}

extension Alert {
    /// The stored alert that begins here; nil where it is unusual.
    init?(plain reader: inout PlainJSON) {
        var pairs: [String: [String: String]] = [:]
        var texts: [String: String] = [:]
        var times: [String: Date] = [:]
        let isRead = reader.object { reader, key in
            switch key {
            case "annotations", "labels":
                pairs[key] = reader.strings()
                return pairs[key] != nil
            case "fingerprint", "generatorURL", "state":
                texts[key] = reader.string()
                return texts[key] != nil
            case "startsAt", "endsAt":
                times[key] = reader.number().map { Date(timeIntervalSinceReferenceDate: $0) }
                return times[key] != nil
            default: return false
            }
        }
        guard isRead, let labels = pairs["labels"], let annotations = pairs["annotations"],
            let state = texts["state"].flatMap(State.init), let startsAt = times["startsAt"]
        else { return nil }
        self.init(
            labels: LabelSet(labels), annotations: annotations.mapValues(UntrustedText.init), state: state,
            startsAt: startsAt, endsAt: times["endsAt"], generatorURL: texts["generatorURL"].map(UntrustedText.init))
        // What is stored counts, also where it was computed otherwise.
        guard texts["fingerprint"] == fingerprint.description else { return nil }
    }
}
