// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisHTTP
import Testing

@Suite struct PayloadTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)

    private static func parse(_ alert: String) throws -> DeliveryParser.Batch {
        try DeliveryParser.webhook(Array(#"{"version":"4","alerts":[\#(alert)]}"#.utf8), receivedAt: now)
    }

    @Test func `the fingerprint is computed, never taken`() throws {
        let alert =
            #"{"status":"firing","labels":{"alertname":"A"},"startsAt":"2026-11-23T10:00:00Z","fingerprint":"0000000000000000"}"#
        let batch = try Self.parse(alert)
        #expect(batch.alerts.first?.fingerprint == Fingerprint(of: LabelSet(["alertname": "A"])))
        #expect(batch.alerts.first?.fingerprint.description != "0000000000000000")
    }

    @Test(arguments: [
        (#"{"status":"firing","startsAt":"2026-11-23T10:00:00Z"}"#, "labels"),
        (#"{"status":"firing","labels":{},"startsAt":"2026-11-23T10:00:00Z"}"#, "labels"),
        (#"{"status":"firing","labels":{"a":1},"startsAt":"2026-11-23T10:00:00Z"}"#, "labels"),
        (#"{"status":"firing","labels":{"a":"b"},"startsAt":12}"#, "startsAt"),
        (#"{"status":"firing","labels":{"a":"b"},"startsAt":"2026-11-23T10:00:00"}"#, "startsAt"),
        (#"{"status":"maybe","labels":{"a":"b"},"startsAt":"2026-11-23T10:00:00Z"}"#, "status"),
        (#"{"status":"firing","labels":{"a":"\u0000"},"startsAt":"2026-11-23T10:00:00Z"}"#, "labels"),
        (#"{"status":"firing","labels":{"a":"b"}}"#, "startsAt"),
        (#"{"status":"firing","labels":{"a":"b"},"startsAt":1e999}"#, ""),
        (#"{"status":1e999,"labels":{"a":"b"}}"#, ""),
        (#""text""#, "alerts[0]"), ("null", "alerts[0]"), ("[]", "alerts[0]"),
    ])
    func `a bad alert is kept with the field that is wrong`(alert: String, field: String) throws {
        let batch = try Self.parse(alert)
        #expect(batch.alerts.isEmpty)
        let rejected = try #require(batch.rejected.first)
        #expect(field.isEmpty || rejected.reason.contains(field), "\(rejected.reason)")
        #expect(!rejected.raw.verbatim.isEmpty)
    }

    @Test func `resolved keeps its end, the year 1 is no end`() throws {
        let resolved =
            #"{"status":"resolved","labels":{"a":"b"},"startsAt":"2026-11-23T10:00:00Z","endsAt":"2026-11-23T11:00:00Z"}"#
        #expect(try Self.parse(resolved).alerts.first?.endsAt == RFC3339.parse("2026-11-23T11:00:00Z"))
        let firing =
            #"{"status":"firing","labels":{"a":"b"},"startsAt":"2026-11-23T10:00:00Z","endsAt":"0001-01-01T00:00:00Z"}"#
        #expect(try Self.parse(firing).alerts.first?.endsAt == nil)
    }

    @Test func `an alert whose end is past is resolved when Prometheus posts it`() throws {
        let past = #"{"labels":{"a":"b"},"startsAt":"2019-01-01T00:00:00Z","endsAt":"2020-01-01T00:00:00Z"}"#
        let future = #"{"labels":{"a":"c"},"startsAt":"2019-01-01T00:00:00Z","endsAt":"2099-01-01T00:00:00Z"}"#
        let body = "[\(past),\(future)]"
        let batch = try DeliveryParser.alerts(Array(body.utf8), receivedAt: Self.now)
        #expect(batch.alerts.map(\.state) == [.resolved, .firing])
    }

    @Test func `deep nesting and junk end in an error, not in a crash`() {
        for body in [
            String(repeating: "[", count: 100_000), "\u{0}",
            #"{"version":"4","alerts":[{"labels":"# + String(repeating: "[", count: 5_000),
        ] {
            #expect(throws: DeliveryParser.Malformed.self) {
                try DeliveryParser.webhook(Array(body.utf8), receivedAt: Self.now)
            }
        }
    }
}
