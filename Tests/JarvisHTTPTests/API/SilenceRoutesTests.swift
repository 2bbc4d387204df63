// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import JarvisHTTP
import JarvisTestSupport
import Synchronization
import Testing

@Suite struct SilenceRoutesTests {
    /// What was wanted, as the routes hand it on.
    private final class Wishes: Sendable {
        let taken = Mutex<[SilenceWish]>([])
    }

    private static func stored(_ api: APIFixture) async throws -> Incident {
        let incident = StoreSamples.incident(1)
        try await api.store.commit(StoreChange(incident: incident))
        return incident
    }

    @Test func `a wish names its person, its time and its reason`() async throws {
        let wishes = Wishes()
        let api = try APIFixture(silence: { wish, _ in
            wishes.taken.withLock { $0.append(wish) }
            return StoreSamples.incident(1)
        })
        let incident = try await Self.stored(api)
        let path = "/api/v1/incidents/\(incident.id)/silence"
        for body in ["{}", #"{"seconds":90,"reason":"rack"}"#] {
            let answer = try await api.ask(.post, path, as: .person, body: body)
            #expect(answer.status == .ok)
            #expect(try JSONBody.decode(IncidentView.self, from: answer.body).id == incident.id)
        }
        #expect(try await api.ask(.post, path + "/end", as: .person).status == .ok)
        #expect(
            wishes.taken.withLock { $0 } == [
                .silence(seconds: 3_600, by: "ada", reason: ""), .silence(seconds: 90, by: "ada", reason: "rack"),
                .end(by: "ada"),
            ])
    }

    @Test func `who may not, what is malformed, what is not there and what is refused is told`() async throws {
        let api = try APIFixture()
        let path = "/api/v1/incidents/\(try await Self.stored(api).id)/silence"
        for who in [APIFixture.Who.token, .password, .nobody] {
            #expect(try await api.ask(.post, path, as: who, body: "{}").status == .unauthorized)
            #expect(try await api.ask(.post, path + "/end", as: who).status == .unauthorized)
        }
        #expect(try await api.ask(.post, path, as: .person, body: #"{"seconds":"1h"}"#).status == .badRequest)
        let other = "/api/v1/incidents/\(StoreSamples.incidentID(2))/silence"
        #expect(try await api.ask(.post, other, as: .person, body: "{}").status == .notFound)
        let refused = try await api.ask(.post, path, as: .person, body: "{}")
        #expect(refused.status == .conflict)
        #expect(refused.text.contains("nothing waits"))
    }

    @Test func `an incident shows its silences`() async throws {
        var incident = StoreSamples.incident(1)
        var silence = Silence(
            labels: StoreSamples.alert(1).labels, by: "ada", reason: "", endsAt: StoreSamples.start + 60,
            due: StoreSamples.start)
        let id = try #require(SilenceID("ab"))
        let intent = APIIntent(
            id: StoreSamples.id(1), incident: incident.id, step: 0, attempt: 1, change: .createSilence, digest: "",
            fencingToken: 1, recordedAt: StoreSamples.start, deadlineSeconds: 1)
        let states: [(Silence.State, SilenceView.State)] = [
            (.absent(failures: 0), .wanted), (.creating(intent), .asked), (.standing(id, failures: 0), .active),
            (.ending(id, intent), .ending), (.over(reason: "r"), .over),
        ]
        for (state, shown) in states {
            silence.state = state
            #expect(SilenceView(silence, at: StoreSamples.start).state == shown)
        }
        silence.doubt = "lost"
        silence.state = .creating(intent)
        incident.silences = [silence]
        let view = IncidentView(incident, at: StoreSamples.start)
        #expect(view.silences.map(\.state) == [.unknown])
        #expect(view.silences.first?.note == "lost")
        silence.heldBy = "made at http://a"
        #expect(SilenceView(silence, at: StoreSamples.start).note == "made at http://a")
    }

    @Test func `a silence that ran out is shown as over while its incident is open`() async throws {
        var silence = Silence(
            labels: StoreSamples.alert(1).labels, by: "ada", reason: "", endsAt: StoreSamples.start + 60,
            due: StoreSamples.start)
        silence.state = .standing(try #require(SilenceID("ab")), failures: 0)
        silence.service = APIService(url: "http://alerts:9093/")
        silence.due = nil
        let before = SilenceView(silence, at: StoreSamples.start + 59)
        #expect((before.state, before.note, before.service) == (.active, nil, "http://alerts:9093"))
        for end in [nil, Silence.End.person("bob")] {
            silence.end = end
            let after = SilenceView(silence, at: StoreSamples.start + 60)
            #expect(after.state == .over)
            #expect(after.note == "it ran out at \(RFC3339.format(StoreSamples.start + 60))")
        }
    }
}
