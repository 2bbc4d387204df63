// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisTestSupport
import Testing

@testable import JarvisStore

/// The fast writer and reader of stored deliveries against the encoder and decoder they stand for.
@Suite struct DeliveryTextTests {
    private static let values = [
        "", "web", "ü 😀", "a\"b\\c/d", "line\nand\ttab\r", "\u{7F}", "Z9_", "it's 12.4 % full", "\u{2028}",
        "{\"a\":[1]}",
    ]
    private static let names = [
        "alertname", "Instance", "job", "a1", "a10", "A", "_x", "zone", "severity", "a_b", "ab",
    ]

    private func delivery(_ number: Int) -> Delivery {
        func pairs(_ count: Int) -> [String: String] {
            var pairs: [String: String] = [:]
            for place in 0..<count {
                pairs[Self.names[(number * 7 + place * 3) % Self.names.count]] =
                    Self.values[(number * 5 + place) % Self.values.count]
            }
            return pairs
        }
        let time = Date(timeIntervalSince1970: 1_795_000_000 + Double(number) * 1.000_123)
        let alerts = (0..<number % 4).map { place in
            Alert(
                labels: LabelSet(pairs(1 + (number + place) % 8)),
                annotations: pairs(number % 5).mapValues(UntrustedText.init),
                state: place.isMultiple(of: 2) ? .firing : .resolved, startsAt: time,
                endsAt: place.isMultiple(of: 2) ? nil : time + 60.5,
                generatorURL: place == 1 ? UntrustedText("http://p/graph?a=b&c") : nil)
        }
        return Delivery(
            id: StoreSamples.delivery(number).id, receivedAt: time,
            source: number.isMultiple(of: 3) ? .grafana : .alertmanager,
            alerts: alerts)
    }

    @Test func `ordinary deliveries are written byte for byte as the encoder does, and read as the decoder does`()
        throws
    {
        for number in 0..<2_000 {
            let delivery = delivery(number)
            let text = try #require(DeliveryText.plain(delivery))
            #expect(try text == StoredJSON.text(delivery, of: "a delivery"))
            let read = try #require(PlainJSON.read(Array(text.utf8), Delivery.init(plain:)))
            #expect(read == delivery)
            #expect(try read == StoredJSON.value(Delivery.self, text, of: "a delivery"))
        }
    }

    @Test(arguments: ["\u{1}", "\u{1F}\u{8}"])
    func `what the fast writer leaves alone is stored all the same`(value: String) throws {
        for labels in [["a": value], ["ü": "b", "a": "c"]] {
            let id = StoreSamples.delivery(1).id
            let delivery = Delivery(
                id: id, receivedAt: StoreSamples.start, source: .alertmanager,
                alerts: [Alert(labels: LabelSet(labels), state: .firing, startsAt: StoreSamples.start)])
            #expect(DeliveryText.plain(delivery) == nil)
            #expect(try DeliveryText.delivery(try DeliveryText.text(delivery), id) == delivery)
        }
    }

    @Test func `a damaged row is named and not read in part`() throws {
        let delivery = delivery(3)
        let text = try DeliveryText.text(delivery)
        for end in stride(from: 0, to: text.count, by: 7) {
            #expect(throws: StoreError.self) {
                try DeliveryText.delivery(String(text.prefix(end)), delivery.id)
            }
        }
    }
}
