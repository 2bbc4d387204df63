// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import JarvisCore
import JarvisTestSupport
import Testing

@testable import JarvisClients

/// Silences in a real Alertmanager, and what is made of answers as they should never be.
@Suite(.timeLimit(.minutes(1)))
struct AlertmanagerTests {
    private static let now = Date()
    private static let labels = ["alertname": "Disk \"full\" \\ é", "instance": "nexus:9100", "empty": ""]

    private static func id<Subject>(_ number: UInt8) -> Identifier<Subject> {
        Identifier(UUIDv7(at: now, random: [UInt8](repeating: number, count: 10)))
    }

    private static func silence(_ labels: [String: String] = labels) -> Silence {
        Silence(labels: LabelSet(labels), by: "ada", reason: "x\u{202E}y", endsAt: now + 3_600, due: now)
    }

    private static func change(_ silence: Silence, under intent: IntentID) throws -> JudgedSilenceChange {
        let alert = Alert(labels: silence.labels, state: .firing, startsAt: now)
        let incident = Incident(id: id(1), openedAt: now, alert: alert, target: nil)
        return try JudgedSilenceChange(next: silence, of: incident, under: intent, at: now)
    }

    private static func making(
        _ labels: [String: String] = labels, under intent: IntentID
    ) throws -> JudgedSilenceChange {
        try change(silence(labels), under: intent)
    }

    private static func end(_ id: SilenceID) throws -> JudgedSilenceChange {
        var silence = silence()
        silence.state = .standing(id, failures: 0)
        silence.end = .incident
        return try change(silence, under: Self.id(9))
    }

    @Test(.enabled(if: RealAlertmanager.isInstalled, "Alertmanager is not installed"))
    func `a silence is made, found by its mark, and ended, in the real one`() async throws {
        let server = try RealAlertmanager()
        defer { server.kill() }
        try await withTransport { transport in
            let client = Alertmanager(ServiceEndpoint(transport: transport, baseURL: server.url + "/"))
            let nobody = try #require(SilenceID("00000000-0000-4000-8000-000000000000"))
            try await eventually("it answers") { (try? await client.isStanding(nobody)) == false }
            let made = try await client.apply(try Self.making(under: Self.id(7)))
            #expect(try await client.silence(of: Self.id(7), labels: LabelSet(Self.labels)) == made)
            #expect(try await client.silence(of: Self.id(8), labels: LabelSet(Self.labels)) == nil)
            #expect(try await client.isStanding(made))
            let stored = try await transport.send(OutboundRequest(url: "\(server.url)/api/v2/silence/\(made)"))
            let shown = try JSONDecoder().decode(Shown.self, from: Data(stored.body))
            #expect(Dictionary(uniqueKeysWithValues: shown.matchers.map { ($0.name, $0.value) }) == Self.labels)
            #expect(shown.matchers.allSatisfy { $0.isEqual && !$0.isRegex })
            #expect(shown.createdBy == "jarvis for ada")
            #expect(shown.comment.hasSuffix(": x\u{FFFD}y"))

            #expect(try await client.apply(try Self.end(made)) == made)
            #expect(try await client.isStanding(made) == false)
            // Again is as good as once, and it is still found: it did happen.
            #expect(try await client.apply(try Self.end(made)) == made)
            #expect(try await client.silence(of: Self.id(7), labels: LabelSet(Self.labels)) == made)
            await #expect(throws: AlertingError.self) { try await client.apply(try Self.end(nobody)) }
        }
    }

    @Test(.enabled(if: RealAlertmanager.isInstalled, "Alertmanager is not installed"))
    func `the real one finds by the filter what was made of the same labels, and nothing else`() async throws {
        let server = try RealAlertmanager()
        defer { server.kill() }
        let sets: [[String: String]] = [
            ["alertname": "Disk_full-1.2", "instance": "nexus:9100", "job": "node"],
            ["alertname": "Disk_full-1.2", "instance": "nexus:9101", "job": "node"],
            ["alertname": "Probe", "url": "https://a.example/x-y_z", "empty": "", "odd": "a\"b, {c}=~\\"],
            Dictionary(uniqueKeysWithValues: (10..<40).map { ("label_\($0)", "v\($0)") } + [("alertname", "Many")]),
        ]
        try await withTransport { transport in
            let client = Alertmanager(ServiceEndpoint(transport: transport, baseURL: server.url))
            let nobody = try #require(SilenceID("00000000-0000-4000-8000-000000000000"))
            try await eventually("it answers") { (try? await client.isStanding(nobody)) == false }
            for (number, labels) in sets.enumerated() {
                let intent: IntentID = Self.id(UInt8(20 + number))
                let made = try await client.apply(try Self.making(labels, under: intent))
                let filter = AlertmanagerWire.filter(LabelSet(labels))
                #expect(!filter.isEmpty)
                let answer = try await transport.send(
                    OutboundRequest(url: "\(server.url)/api/v2/silences?\(filter)"))
                #expect(answer.status == 200)
                #expect(try AlertmanagerWire.silences(answer.body).map(\.id) == [made.text], "\(filter)")
                #expect(try await client.silence(of: intent, labels: LabelSet(labels)) == made)
                // With others' labels it is found all the same, among all.
                #expect(try await client.silence(of: intent, labels: LabelSet(["alertname": "Other"])) == made)
            }
        }
    }

    @Test func `a filter may find, and only the whole list says that there is none`() async throws {
        let intent: IntentID = Self.id(7)
        func list(_ state: String, _ id: String) -> String {
            #"[{"id":"\#(id)","status":{"state":"\#(state)"},"comment":"jarvis intent \#(intent) of incident x"}]"#
        }
        let filter = "?filter=alertname%3D%22A%22"
        let cases: [(filtered: (String, String), found: String?, asked: Int)] = [
            (("200 OK", list("active", "f1")), "f1", 1), (("200 OK", list("expired", "f1")), "a1", 2),
            (("200 OK", "[]"), "a1", 2), (("400 Bad Request", "\"bad matcher\""), "a1", 2),
            (("500 Internal Server Error", ""), nil, 1), (("200 OK", "{}"), nil, 1),
        ]
        for (filtered, found, asked) in cases {
            let all = list("active", "a1")
            try await withAnsweringServer({ request, connection in
                let isFiltered = request.line.contains("?")
                connection.respond(isFiltered ? filtered.0 : "200 OK", body: isFiltered ? filtered.1 : all)
            }) { server in
                try await withTransport { transport in
                    let client = Alertmanager(ServiceEndpoint(transport: transport, baseURL: server.url))
                    let labels = LabelSet(["alertname": "A", "odd": "a b", "empty": ""])
                    let got = try? await client.silence(of: intent, labels: labels)
                    #expect(got?.text == found, "\(filtered)")
                    let lines = [
                        "GET /api/v2/silences\(filter) HTTP/1.1", "GET /api/v2/silences HTTP/1.1",
                    ]
                    #expect(server.requests.map(\.line) == Array(lines.prefix(asked)))
                }
            }
        }
    }

    @Test(arguments: [
        ("http://a:9093/", "http://a:9093"), ("HTTP://User:pass@A.example:80//", "http://a.example"),
        ("https://a.example:443/am/", "https://a.example/am"), ("https://a.example/Am?x#y", "https://a.example/Am"),
        ("http://[FD00::1]:9093", "http://[fd00::1]:9093"), ("http://a:8080", "http://a:8080"),
    ])
    func `a service is known by its address without credentials`(_ url: String, _ address: String) async throws {
        try await withTransport { transport in
            #expect(Alertmanager(ServiceEndpoint(transport: transport, baseURL: url)).service.address == address)
        }
    }

    private struct Shown: Decodable {
        struct Matcher: Decodable {
            let name: String
            let value: String
            let isRegex: Bool
            let isEqual: Bool
        }

        let matchers: [Matcher]
        let createdBy: String
        let comment: String
    }

    /// What a client makes of an answer: for a change, and for a look.
    enum Outcome: String { case done, refused, unknown, notSent, nothing }

    private func outcome(_ body: () async throws -> Outcome) async throws -> Outcome {
        do {
            return try await body()
        } catch let error as AlertingError {
            return switch error {
            case .notSent: .notSent
            case .refused: .refused
            case .unknown: .unknown
            }
        }
    }

    private func ask(_ client: Alertmanager) async throws -> (making: Outcome, look: Outcome) {
        let making = try await outcome {
            _ = try await client.apply(try Self.making(under: Self.id(7)))
            return .done
        }
        return (
            making,
            try await outcome {
                try await client.silence(of: Self.id(7), labels: LabelSet(["alertname": "é"])) == nil ? .nothing : .done
            }
        )
    }

    @Test(arguments: [
        ("200 OK", #"{"silenceID":"14a0ef7e-93c2"}"#, Outcome.done, Outcome.unknown),
        ("200 OK", #"{"silenceID":"../../-/reload"}"#, .unknown, .unknown),
        ("200 OK", "[]", .unknown, .nothing), ("200 OK", "<html>", .unknown, .unknown),
        ("200 OK", "", .unknown, .unknown),
        ("200 OK", #"[{"id":"a","status":{"state":"odd"},"comment":""}]"#, .unknown, .unknown),
        ("400 Bad Request", #""bad matcher""#, .refused, .refused),
        ("422 Unprocessable Entity", #"{"code":602,"message":"comment in body is required"}"#, .refused, .refused),
        ("409 Conflict", "no", .refused, .refused), ("401 Unauthorized", "", .refused, .refused),
        ("408 Request Timeout", "", .unknown, .unknown), ("500 Internal Server Error", "x", .unknown, .unknown),
        ("503 Service Unavailable", "x", .unknown, .unknown), ("302 Found", "", .unknown, .unknown),
    ])
    func `every doubt is unknown, and only its own no is a refusal`(
        _ status: String, _ body: String, _ making: Outcome, _ look: Outcome
    ) async throws {
        try await withAnsweringServer({ $1.respond(status, body: body) }) { server in
            try await withTransport { transport in
                let client = Alertmanager(
                    ServiceEndpoint(
                        transport: transport, baseURL: server.url, authorization: .bearer(SecretText("token"))))
                let got = try await ask(client)
                #expect(got.making == making)
                #expect(got.look == look)
                // Once each: nothing below repeats a change.
                #expect(
                    server.requests.map(\.line) == [
                        "POST /api/v2/silences HTTP/1.1", "GET /api/v2/silences HTTP/1.1",
                    ])
                #expect(server.requests.first?.header("Authorization") == "Bearer token")
            }
        }
    }

    @Test func `a server that hangs, hangs up or floods leaves it unknown; one that is not there got nothing`()
        async throws
    {
        let scripts: [HostileServer.Script] = [
            { connection in
                _ = connection.readRequest()
                connection.waitForClose()
            },
            { connection in _ = connection.readRequest() },
            { connection in
                _ = connection.readRequest()
                connection.send(
                    "HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n" + String(repeating: "[", count: 70_000))
                connection.waitForClose()
            },
        ]
        for script in scripts {
            try await withServer(script) { server in
                try await withTransport { transport in
                    let client = Alertmanager(
                        ServiceEndpoint(
                            transport: transport, baseURL: server.url, timeouts: .total(.milliseconds(700)),
                            maximumResponseBytes: 65_536))
                    let got = try await ask(client)
                    #expect(got == (.unknown, .unknown))
                    #expect(client.deadlineSeconds == 1)
                }
            }
        }
        let free = try FreePort.pick()
        try await withTransport { transport in
            let client = Alertmanager(ServiceEndpoint(transport: transport, baseURL: "http://127.0.0.1:\(free)"))
            let got = try await ask(client)
            #expect(got == (.notSent, .notSent))
        }
    }

    @Test(arguments: [
        ("200 OK", "", Outcome.done), ("200 OK", "<html>log in</html>", .unknown), ("200 OK", "{}", .unknown),
        ("404 Not Found", "", .unknown), ("401 Unauthorized", "", .refused),
        ("500 Internal Server Error", "", .unknown),
        ("302 Found", "", .unknown),
    ])
    func `only its own answer ends a silence`(_ status: String, _ body: String, _ expected: Outcome) async throws {
        let id = try #require(SilenceID("abc"))
        try await withAnsweringServer({ $1.respond(status, body: body) }) { server in
            try await withTransport { transport in
                let client = Alertmanager(ServiceEndpoint(transport: transport, baseURL: server.url))
                let got = try await outcome {
                    _ = try await client.apply(try Self.end(id))
                    return .done
                }
                #expect(got == expected)
                #expect(server.requests.map(\.line) == ["DELETE /api/v2/silence/abc HTTP/1.1"])
            }
        }
    }

    @Test func `a silence is gone only where Alertmanager itself says so`() async throws {
        let id = try #require(SilenceID("abc"))
        for (status, body, expected) in [
            ("404 Not Found", "", false), ("404 Not Found", "404 page not found", nil),
            ("200 OK", #"{"id":"abc","status":{"state":"expired"},"comment":""}"#, false),
            ("200 OK", #"{"id":"abc","status":{"state":"active"},"comment":""}"#, true),
            ("200 OK", #"{"id":"other","status":{"state":"expired"},"comment":""}"#, nil),
        ] as [(String, String, Bool?)] {
            try await withAnsweringServer({ $1.respond(status, body: body) }) { server in
                try await withTransport { transport in
                    let client = Alertmanager(ServiceEndpoint(transport: transport, baseURL: server.url))
                    let got = try? await client.isStanding(id)
                    #expect(got == expected, "\(status) \(body)")
                }
            }
        }
    }

    @Test func `a comment that only mentions an intent is not its silence`() async throws {
        let intent: IntentID = Self.id(7)
        let body = """
            [{"id":"a1","status":{"state":"active"},"comment":"see jarvis intent \(intent) of"},
            {"id":"a2","status":{"state":"active"},"comment":"jarvis intent \(intent)0 of"},
            {"id":"a3","status":{"state":"expired"},"comment":"jarvis intent \(intent) of incident x"}]
            """
        try await withAnsweringServer({ $1.respond("200 OK", body: body) }) { server in
            try await withTransport { transport in
                let client = Alertmanager(ServiceEndpoint(transport: transport, baseURL: server.url))
                let found = try await client.silence(of: intent, labels: LabelSet([:]))
                #expect(found?.text == "a3")
            }
        }
    }
}
