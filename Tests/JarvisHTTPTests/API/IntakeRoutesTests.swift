// SPDX-License-Identifier: Apache-2.0

import DurableQueue
import FoundationEssentials
import JarvisCore
import JarvisHTTP
import JarvisTestSupport
import Testing

@Suite struct IntakeRoutesTests {
    static let alert =
        #"{"status":"firing","labels":{"alertname":"A","name":"web"},"startsAt":"2026-11-23T10:00:00.123Z"}"#
    static func webhook(_ alerts: String) -> String { #"{"version":"4","alerts":[\#(alerts)],"unknown":{"a":[1]}}"# }

    @Test(arguments: ["/webhook", "/api/v1/webhook/alertmanager"])
    func `a delivery is answered with 202 when it is stored`(path: String) async throws {
        let api = try APIFixture()
        let response = try await api.ask(.post, path, as: .password, body: Self.webhook(Self.alert))
        #expect(response.status == .accepted)
        #expect(response.text.contains(#""accepted":1"#))
        #expect(await api.store.queue.untilNextDue(JobSelection()) != nil)
    }

    @Test func `a store that can't write is 503 with Retry-After, and nothing is kept`() async throws {
        let api = try APIFixture()
        api.store.failWrites(with: .unavailable(reason: "the disk is full"))
        let response = try await api.ask(.post, "/webhook", as: .token, body: Self.webhook(Self.alert))
        #expect(response.status == .serviceUnavailable)
        #expect(response.headers["Retry-After"] == "5")
        #expect(await api.store.queue.untilNextDue(JobSelection()) == nil)
    }

    @Test(arguments: [
        (#"{"version":"4"}"#, "alerts: is missing"), ("[", "not"), (#"{"version":"9","alerts":[]}"#, "version"),
        (#"{"version":4,"alerts":[]}"#, "version: must be a string"), (#"{"version":"4","alerts":{}}"#, "alerts"),
        ("", "not"),
    ])
    func `what is malformed is 400 and names the field`(body: String, reason: String) async throws {
        let api = try APIFixture()
        let response = try await api.ask(.post, "/webhook", as: .password, body: body)
        #expect(response.status == .badRequest)
        #expect(response.text.contains(reason), "\(response.text)")
    }

    @Test func `one bad alert does not lose the good ones`() async throws {
        let api = try APIFixture()
        let bad = #"{"status":"firing","labels":{"alertname":"B"},"startsAt":"yesterday"}"#
        let response = try await api.ask(
            .post, "/webhook", as: .password, body: Self.webhook("\(Self.alert),\(bad),\(Self.alert)"))
        #expect(response.status == .accepted)
        #expect(response.text.contains(#""accepted":2"#))
        #expect(response.text.contains("alerts[1].startsAt"), "\(response.text)")
    }

    @Test func `Grafana's payload is taken`() async throws {
        let api = try APIFixture()
        let body = #"{"version":"1","orgId":1,"state":"alerting","alerts":[\#(Self.alert)]}"#
        #expect(try await api.ask(.post, "/webhook", as: .password, body: body).status == .accepted)
    }

    @Test func `Prometheus may post to Alertmanager's own API`() async throws {
        let api = try APIFixture()
        let body = #"[{"labels":{"alertname":"A"},"startsAt":"2026-11-23T10:00:00Z","endsAt":"2099-01-01T00:00:00Z"}]"#
        #expect(try await api.ask(.post, "/api/v2/alerts", as: .password, body: body).status == .accepted)
    }

    @Test(arguments: [APIFixture.Who.wrong, .garbage, .nobody, .person])
    func `nobody else may send`(who: APIFixture.Who) async throws {
        let api = try APIFixture()
        let response = try await api.ask(.post, "/webhook", as: who, body: Self.webhook(Self.alert))
        #expect(response.status == .unauthorized)
        #expect(response.headers["WWW-Authenticate"]?.hasPrefix("Basic") == true)
        #expect(await api.store.queue.untilNextDue(JobSelection()) == nil)
    }

    @Test func `who guesses is slowed down, by source, with an answer that Alertmanager retries`() async throws {
        let api = try APIFixture()
        for _ in 0..<10 { _ = try await api.ask(.post, "/webhook", as: .wrong, body: "{}") }
        let refused = try await api.ask(.post, "/webhook", as: .wrong, body: "{}")
        #expect(refused.status == .serviceUnavailable)
        #expect(try await api.ask(.get, "/api/v1/incidents", as: .person).status == .tooManyRequests)
        let other = try await api.ask(
            .post, "/webhook", as: .password, body: Self.webhook(Self.alert), from: "192.0.2.8")
        #expect(other.status == .accepted)
    }
}
