// SPDX-License-Identifier: Apache-2.0
import Foundation
import JarvisCore
import Testing

@testable import JarvisClients

@Suite(.timeLimit(.minutes(2)))
struct AlertmanagerViewTests {
    private func withAnswer(
        _ status: String, _ body: String, _ work: (Alertmanager, HostileServer) async throws -> Void
    ) async throws {
        try await withAnsweringServer({ $1.respond(status, body: body) }) { server in
            try await withTransport { transport in
                try await work(Alertmanager(ServiceEndpoint(transport: transport, baseURL: server.url)), server)
            }
        }
    }

    @Test(.enabled(if: RealAlertmanager.isInstalled, "Alertmanager is not installed"))
    func `the real one says what keeps an alert back`() async throws {
        let server = try RealAlertmanager(
            rules:
                "inhibit_rules: [{source_matchers: [alertname=HostDown], target_matchers: [alertname=ServiceDown], equal: [host]}]"
        )
        defer { server.kill() }
        try await withTransport { transport in
            let client = Alertmanager(ServiceEndpoint(transport: transport, baseURL: server.url))
            try await eventually("it answers") { (try? await client.status()) != nil }
            let status = try await client.status()
            #expect(status.version.verbatim.hasPrefix("0."))
            #expect(try #require(status.startedAt).timeIntervalSinceNow > -120)
            #expect(status.cluster.verbatim == "disabled")
            #expect(status.peers == 0)
            #expect(try await client.alerts(with: LabelSet([:])).isEmpty)

            let alerts = [
                ["alertname": "HostDown", "host": "a", "cluster": "home"],
                ["alertname": "ServiceDown", "host": "a", "service": "we b\"&x"],
                ["alertname": "ServiceDown", "host": "b", "service": "db"],
            ]
            let body = try JSONSerialization.data(withJSONObject: alerts.map { ["labels": $0] })
            let posted = try await transport.send(
                OutboundRequest(
                    method: .post, url: "\(server.url)/api/v2/alerts",
                    headers: [OutboundHeader("Content-Type", "application/json")], body: Array(body)))
            #expect(posted.status == 200)
            try await eventually("the alerts are known") { try await client.alerts(with: LabelSet([:])).count == 3 }

            // By some of the labels, as a delivery's and Alertmanager's may differ.
            let host = try await client.alerts(with: LabelSet(["alertname": "HostDown", "host": "a"]))
            #expect(host.map(\.labels.values) == [alerts[0]])
            let odd = LabelSet(["service": "we b\"&x"])
            try await eventually("it is inhibited") {
                try await client.alerts(with: odd).first?.state == .suppressed
            }
            let inhibited = try #require(try await client.alerts(with: odd).first)
            #expect(inhibited.inhibitedBy.count == 1)
            #expect(inhibited.silencedBy.isEmpty)
            #expect(inhibited.receivers.map(\.verbatim) == ["nobody"])

            let silence = try JSONSerialization.data(withJSONObject: [
                "matchers": [["name": "host", "value": "b", "isRegex": false, "isEqual": true]],
                "startsAt": RFC3339.format(Date()), "endsAt": RFC3339.format(Date().addingTimeInterval(600)),
                "createdBy": "a test", "comment": "x",
            ])
            let made = try await transport.send(
                OutboundRequest(
                    method: .post, url: "\(server.url)/api/v2/silences",
                    headers: [OutboundHeader("Content-Type", "application/json")], body: Array(silence)))
            let id = try AlertmanagerWire.made(made.body)
            let other = LabelSet(["service": "db"])
            try await eventually("it is silenced") { try await client.alerts(with: other).first?.state == .suppressed }
            #expect(try await client.alerts(with: other).first?.silencedBy == [id])
            #expect(try await client.alerts(with: LabelSet(["service": "db", "a b&c": "x"])).isEmpty)
        }
    }

    @Test func `an answer is compared with what was asked for, whatever the filter did`() async throws {
        let body = #"""
            [{"labels":{"a":"1","b":"x y"},"status":{"state":"active","silencedBy":[],"inhibitedBy":[]},
            "receivers":[{"name":"r"}]},{"labels":{"a":"2"},"status":{"state":"unprocessed","silencedBy":[],
            "inhibitedBy":[]},"receivers":[]}]
            """#
        try await withAnswer("200 OK", body) { client, server in
            let found = try await client.alerts(with: LabelSet(["a": "1", "b": "x y"]))
            #expect(found.map(\.labels.values) == [["a": "1", "b": "x y"]])
            #expect(found.first?.state == .active)
            #expect(try await client.alerts(with: LabelSet(["c d&e": "f"])).isEmpty)
            #expect(server.requests.map(\.path) == ["/api/v2/alerts?filter=a%3D%221%22", "/api/v2/alerts"])
        }
    }

    @Test(
        arguments: [
            ("200 OK", "[{}]"), ("200 OK", "<html>"), ("200 OK", "{}"), ("302 Found", ""),
            ("500 Internal Server Error", "x"),
            ("200 OK", #"[{"labels":{},"status":{"state":"odd","silencedBy":[],"inhibitedBy":[]},"receivers":[]}]"#),
            (
                "200 OK",
                #"[{"labels":{},"status":{"state":"active","silencedBy":["../x"],"inhibitedBy":[]},"receivers":[]}]"#
            ),
        ])
    func `what is not as documented is no answer`(status: String, body: String) async throws {
        try await withAnswer(status, body) { client, _ in
            do throws(AlertingError) {
                _ = try await client.alerts(with: LabelSet([:]))
                Issue.record("an answer: \(body)")
            } catch {
                guard case .unknown = error else {
                    Issue.record("\(error)")
                    return
                }
            }
        }
    }

    @Test func `a refusal is told in its own words, and one without a time of start has none`() async throws {
        try await withAnswer("400 Bad Request", "\"bad matcher\"") { client, _ in
            await #expect(throws: AlertingError.refused(UntrustedText("HTTP 400 bad matcher"))) {
                try await client.status()
            }
        }
        let odd = #"{"cluster":{"status":"settling"},"versionInfo":{"version":"1"},"uptime":"?"}"#
        try await withAnswer("200 OK", odd) { client, _ in
            let status = try await client.status()
            #expect(status.startedAt == nil)
            #expect(status.cluster.verbatim == "settling")
        }
    }
}
