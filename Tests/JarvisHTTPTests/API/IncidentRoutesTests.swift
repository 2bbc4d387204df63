// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisHTTP
import JarvisTestSupport
import Testing

@Suite struct IncidentRoutesTests {
    private static func incident() throws -> Incident {
        let labels = LabelSet(["alertname": "ContainerDown", "name": "<script>"])
        let alert = Alert(labels: labels, state: .firing, startsAt: Date(timeIntervalSince1970: 1_700_000_000))
        let id = IncidentID(
            UUIDv7(at: Date(timeIntervalSince1970: 1_700_000_000), random: [UInt8](repeating: 7, count: 10)))
        return Incident(id: id, openedAt: Date(timeIntervalSince1970: 1_700_000_000), alert: alert, target: nil)
    }

    private static func stored(_ api: APIFixture) async throws -> Incident {
        var incident = try incident()
        incident.version = 1
        var change = StoreChange(incident: incident)
        change.entries = [TimelineEntry(at: incident.openedAt, phase: "diagnosing", what: "opened")]
        try await api.store.commit(change)
        return incident
    }

    @Test func `an incident can be listed, shown and followed`() async throws {
        let api = try APIFixture()
        let incident = try await Self.stored(api)
        let list = try await api.ask(.get, "/api/v1/incidents?open=true&limit=10", as: .person)
        let view = IncidentView(incident, at: StoreSamples.start)
        #expect(try JSONBody.decode([IncidentView].self, from: list.body) == [view])
        let shown = try await api.ask(.get, "/api/v1/incidents/\(incident.id)", as: .person)
        #expect(try JSONBody.decode(IncidentView.self, from: shown.body) == view)
        let timeline = try await api.ask(.get, "/api/v1/incidents/\(incident.id)/timeline", as: .person)
        let entries = try JSONBody.decode([NumberedTimelineEntry].self, from: timeline.body)
        #expect(entries.map(\.entry.what) == ["opened"])
        let after = try #require(entries.last?.sequence)
        let rest = try await api.ask(.get, "/api/v1/incidents/\(incident.id)/timeline?after=\(after)", as: .person)
        #expect(rest.text == "[]")
    }

    @Test(arguments: [
        ("/api/v1/incidents?limit=0", HTTPStatus.badRequest), ("/api/v1/incidents?limit=all", .badRequest),
        ("/api/v1/incidents/nonsense", .notFound), ("/api/v1/incidents/nonsense/timeline?after=x", .badRequest),
    ])
    func `what can't be answered is said`(target: String, status: HTTPStatus) async throws {
        #expect(try await APIFixture().ask(.get, target, as: .person).status == status)
    }

    @Test func `a sender may not read or decide`() async throws {
        let api = try APIFixture()
        let incident = try await Self.stored(api)
        #expect(try await api.ask(.get, "/api/v1/incidents", as: .token).status == .unauthorized)
        let body = #"{"decision":"approved","planHash":"x"}"#
        let answer = try await api.ask(.post, "/api/v1/incidents/\(incident.id)/decision", as: .password, body: body)
        #expect(answer.status == .unauthorized)
    }

    @Test func `a decision names its plan and its person, and a refusal is told`() async throws {
        let api = try APIFixture { decision, id, planHash, person in
            guard decision == .approved, planHash == "abc", person == "ada" else { throw APIFixture.Refusal() }
            return try Self.incident()
        }
        let incident = try await Self.stored(api)
        let path = "/api/v1/incidents/\(incident.id)/decision"
        #expect(
            try await api.ask(.post, path, as: .person, body: #"{"decision":"approved","planHash":"abc"}"#).status
                == .ok)
        let refused = try await api.ask(.post, path, as: .person, body: #"{"decision":"approved","planHash":"old"}"#)
        #expect(refused.status == .conflict)
        #expect(refused.text.contains("nothing waits"))
        let malformed = try await api.ask(.post, path, as: .person, body: #"{"decision":"maybe","planHash":"abc"}"#)
        #expect(malformed.status == .badRequest)
    }
}
