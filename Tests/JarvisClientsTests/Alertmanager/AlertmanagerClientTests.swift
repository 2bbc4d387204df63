// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Testing

@testable import JarvisClients

@Suite(.timeLimit(.minutes(1)))
struct AlertmanagerClientTests {
    private func withClient<Result>(
        answering body: String, status: String = "200 OK", _ work: (AlertmanagerClient) async throws -> Result
    ) async throws -> Result {
        try await withAnsweringServer({ $1.respond(status, body: body) }) { server in
            try await withTransport { try await work(AlertmanagerClient(transport: $0, baseURL: server.url)) }
        }
    }

    @Test func `alerts are read with what holds them back`() async throws {
        let body = #"""
            [{"annotations":{"s":"t"},"endsAt":"2026-11-23T21:30:00.000Z","fingerprint":"f","receivers":[{"name":"r"}],
            "startsAt":"2026-11-23T21:25:00.000Z","status":{"inhibitedBy":[],"silencedBy":["id"],"state":"suppressed"},
            "updatedAt":"2026-11-23T21:25:00.000Z","generatorURL":"","labels":{"alertname":"A"}}]
            """#
        try await withClient(answering: body) { client in
            let alert = try #require(try await client.alerts().first)
            #expect(alert.fingerprint == "f")
            #expect(alert.labels == ["alertname": "A"])
            #expect(alert.state == .suppressed)
            #expect(alert.silencedBy == ["id"])
            #expect(alert.startsAt == Date(timeIntervalSince1970: 1_795_469_100))
        }
    }

    @Test(
        arguments: [
            (#"{"code":602,"message":"bad matcher"}"#, "422 U", .refused(status: 422, message: "bad matcher")),
            ("oops", "500 I", .unavailable(status: 500)), ("", "401 U", .unauthorized(status: 401)),
            ("<html>", "200 OK", .notAlertmanager(status: 200)), ("{}", "200 OK", .notAlertmanager(status: 200)),
            ("404 page not found", "404 N", .notAlertmanager(status: 404)),
            ("", "302 F", .notAlertmanager(status: 302)),
        ] as [(String, String, AlertmanagerError)])
    func `an answer that is no list of alerts is named`(
        body: String, status: String, expected: AlertmanagerError
    ) async throws {
        try await withClient(answering: body, status: status) { client in
            _ = await #expect(throws: expected) { try await client.alerts() }
        }
    }

    @Test(.enabled(if: ChildProcess.exists("prometheus-alertmanager"), "run scripts/bootstrap.sh test"))
    func `a real Alertmanager is understood`() async throws {
        let folder = try TemporaryFolder()
        try folder.write("route: {receiver: none}\nreceivers: [{name: none}]\n", to: "am.yml")
        let port = try RealPrometheus.freePort()
        let process = try ChildProcess(
            "prometheus-alertmanager",
            [
                "--config.file", folder.file("am.yml"), "--storage.path", folder.file("data"),
                "--web.listen-address", "127.0.0.1:\(port)", "--cluster.listen-address", "",
            ], output: folder.file("log"))
        defer { process.kill() }
        try await withTransport { transport in
            let client = AlertmanagerClient(transport: transport, baseURL: "http://127.0.0.1:\(port)")
            try await eventually("it is ready") { (try? await client.status())?.version.isEmpty == false }
            let new = OutboundRequest(
                method: .post, url: "http://127.0.0.1:\(port)/api/v2/alerts",
                headers: [OutboundHeader("Content-Type", "application/json")],
                body: Array(#"[{"labels":{"alertname":"A","job":"x"}}]"#.utf8))
            let posted = try await transport.send(new)
            #expect(posted.status == 200)
            try await eventually("the alert is there") {
                try await client.alerts().map(\.labels) == [["alertname": "A", "job": "x"]]
            }
        }
    }
}
