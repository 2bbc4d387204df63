// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisTestSupport
import Testing

@testable import JarvisHTTP

/// The fast reader against `JSONDecoder`, whose word counts.
@Suite struct PlainDeliveryTests {
    private static let arrival = Date(timeIntervalSince1970: 1_800_000_000)

    private static let usual = [
        #"{"version":"4","status":"firing","commonLabels":{"a":"b"},"truncatedAlerts":0,"x":[1,-2.5e+3,null,true,{"y":[]}],"alerts":[{"status":"firing","labels":{"alertname":"A","name":"web"},"annotations":{"summary":"a\n\"b\" \u00e9 \ud83d\ude00 ü"},"startsAt":"2026-11-23T10:00:00.123Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":"http://p/","fingerprint":"00"}]}"#,
        #" { "alerts" : [ ] , "version" : "1" } "#,
        #"{"version":"4","alerts":[{"status":"resolved","labels":{"a":"1","b":"2"},"startsAt":"2026-11-23T10:00:00+01:00","endsAt":"2026-11-23T11:00:00Z"},{"status":"firing","labels":{"a":"3"},"startsAt":"2026-11-23T10:00:00Z","endsAt":""}]}"#,
    ]

    private static let hostile = [
        #"{"version":"4","version":"1","alerts":[]}"#, #"{"version":"4","alerts":[],"alerts":[]}"#,
        #"{"version":"4","alerts":[]}x"#, #"{"version":"4","alerts":[],}"#, #"{"version":"4","alerts":[,]}"#,
        #"{"version":"4","alerts":null}"#, #"{"version":"4","alerts":[null]}"#,
        "\u{FEFF}{\"version\":\"4\",\"alerts\":[]}",
        #"{"version":"4","alerts":[],"n":01}"#, #"{"version":"4","alerts":[],"n":1e999}"#,
        #"{"version":"4","alerts":[],"s":"\ud800"}"#, #"{"version":"4","alerts":[],"s":"\x"}"#,
        #"{"version":"4","alerts":[],"s":"\u12"}"#, #"{"\u0076ersion":"4","alerts":[]}"#,
        #"{"version":"4","alerts":[],"d":"# + String(repeating: "[", count: 600) + String(repeating: "]", count: 600)
            + "}",
        #"{"version":"4","alerts":[],"d":"# + String(repeating: "[", count: 59) + String(repeating: "]", count: 59)
            + "}",
        alert(#""labels":{"a":"1","a":"2"},"startsAt":"2026-11-23T10:00:00Z","status":"firing""#),
        alert(#""labels":{"é":"1","é":"2"},"startsAt":"2026-11-23T10:00:00Z","status":"firing""#),
        alert(#""labels":{"a":"\u0000"},"startsAt":"2026-11-23T10:00:00Z","status":"firing""#),
        alert(#""labels":{"":"x"},"startsAt":"2026-11-23T10:00:00Z","status":"firing""#),
        alert(#""labels":{"a":1},"startsAt":"2026-11-23T10:00:00Z","status":"firing""#),
        alert(#""labels":{"a":"1"},"annotations":null,"startsAt":"2026-11-23T10:00:00Z","status":"firing""#),
        alert(#""labels":{"a":"1"},"startsAt":"2026-11-23T10:00:00","status":"firing""#),
        alert(#""labels":{"a":"1"},"startsAt":"0001-01-01T00:00:00Z","status":"firing""#),
        alert(#""labels":{"a":"1"},"startsAt":"2099-11-23T10:00:00Z","status":"firing""#),
        alert(#""labels":{"a":"1"},"startsAt":"2026-11-23T10:00:00Z","status":"burning""#),
        alert(#""labels":{"a":"1"},"startsAt":"2026-11-23T10:00:00Z","endsAt":7,"status":"firing""#),
    ]

    private static func alert(_ fields: String) -> String { #"{"version":"4","alerts":[{\#(fields)}]}"# }

    private func outcome(
        _ parse: () throws(DeliveryParser.Malformed) -> DeliveryParser.Batch
    ) -> Result<DeliveryParser.Batch, DeliveryParser.Malformed> {
        do { return .success(try parse()) } catch { return .failure(error) }
    }

    /// Compares both ways; whether the fast one read it.
    private func compare(_ body: [UInt8]) -> Bool {
        let now = Self.arrival
        let webhook = outcome { () throws(DeliveryParser.Malformed) in try DeliveryParser.webhook(body, receivedAt: now)
        }
        let decoded = outcome { () throws(DeliveryParser.Malformed) in
            try DeliveryParser.decodedWebhook(body, receivedAt: now)
        }
        // The text of a rejected alert holds labels in no order.
        let isSame =
            switch (webhook, decoded) {
            case (.success(let left), .success(let right)):
                left.alerts == right.alerts && left.source == right.source
                    && left.rejected.map(\.reason) == right.rejected.map(\.reason)
            case (.failure(let left), .failure(let right)): left == right
            default: false
            }
        if !isSame { Issue.record("differs: \(String(decoding: body, as: UTF8.self))") }
        return PlainDelivery.webhook(body) != nil
    }

    @Test func `what senders usually write is read fast, and as the decoder reads it`() {
        for body in Self.usual { #expect(compare(Array(body.utf8))) }
    }

    @Test(arguments: hostile) func `what is unusual comes out as the decoder says`(body: String) {
        _ = compare(Array(body.utf8))
    }

    @Test func `bodies changed at random come out as the decoder says`() {
        var random = Seeded(20_261_124)
        let pieces = [
            "\"", "\\", "{", "}", "[", "]", ",", ":", "0", "-", "e", "\\u00e9", "\\ud800", "\u{7}", "ü", "null", " ",
            "\"a\":\"b\",",
        ]
        var fast = 0
        for round in 0..<20_000 {
            var body = Array(Self.usual[round % Self.usual.count].utf8)
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let place = Int.random(in: 0..<body.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: body[place] = UInt8.random(in: 0...255, using: &random)
                case 1: body.remove(at: place)
                case 2:
                    body.insert(
                        contentsOf: Array(pieces[Int.random(in: 0..<pieces.count, using: &random)].utf8), at: place)
                default:
                    let end = min(body.count, place + Int.random(in: 1...60, using: &random))
                    body.insert(contentsOf: body[place..<end], at: Int.random(in: 0...body.count, using: &random))
                }
                if body.isEmpty { break }
            }
            if compare(body) { fast += 1 }
        }
        // Neither always nor never, or one of the two was not tried.
        #expect((2_000..<19_000).contains(fast))
    }
}
